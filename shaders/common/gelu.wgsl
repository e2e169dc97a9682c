// GELU in its tanh form, g(x) = x/2 · (1 + tanh u) = x · σ(2u),  u = √(2/π) (x + 0.044715 x³)   (Hendrycks & Gimpel 2016, section 2),
// and its slope g′(x) = σ(2u) + x · σ(2u) (1 − σ(2u)) · 2u′.

const ROOT: f32 = 0.7978845608028654;
const CUBIC: f32 = 0.044715;

fn gelu_gate(x: Vector) -> Vector {
  return 1.0 / (1.0 + exp(min(-2.0 * ROOT * x * (1.0 + CUBIC * x * x), Vector(80.0))));
}

fn gelu(x: Vector) -> Vector {
  return x * gelu_gate(x);
}

fn gelu_slope(x: Vector) -> Vector {
  let gate = gelu_gate(x);
  return gate + x * gate * (1.0 - gate) * 2.0 * ROOT * (1.0 + 3.0 * CUBIC * x * x);
}
