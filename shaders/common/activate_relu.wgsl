// ReLU, max(x, 0), and its slope.

fn activate(x: Vector) -> Vector {
  return max(x, Vector(0.0));
}

fn activate_slope(x: Vector) -> Vector {
  return select(Vector(0.0), Vector(1.0), x > Vector(0.0));
}
