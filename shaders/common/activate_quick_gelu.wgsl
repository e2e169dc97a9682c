// x · σ(1.702 x), the activation of OpenAI's CLIP (`quick_gelu` in transformers), and its slope.

fn activate(x: Vector) -> Vector {
  return x / (1.0 + exp(-1.702 * x));
}

fn activate_slope(x: Vector) -> Vector {
  let s = 1.0 / (1.0 + exp(-1.702 * x));
  return s * (1.0 + 1.702 * x * (1.0 - s));
}
