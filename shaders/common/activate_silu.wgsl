// SiLU (swish), x · σ(x) (Elfwing et al. 2017, arXiv 1702.03118), and its slope σ(x) (1 + x (1 − σ(x))).

fn logistic(x: Vector) -> Vector {
  return 1.0 / (1.0 + exp(-x));
}

fn activate(x: Vector) -> Vector {
  return x * logistic(x);
}

fn activate_slope(x: Vector) -> Vector {
  let s = logistic(x);
  return s * (1.0 + x * (1.0 - s));
}
