// The square of ReLU, max(x, 0)² (So 2021, arXiv 2109.08668, section 3), and its slope.

fn activate(x: Vector) -> Vector {
  let positive = max(x, Vector(0.0));
  return positive * positive;
}

fn activate_slope(x: Vector) -> Vector {
  return 2.0 * max(x, Vector(0.0));
}
