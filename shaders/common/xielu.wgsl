// xIELU (Huang & Schlag 2024, arXiv 2411.13010, section 3), as transformers computes it: α_p x² + β x for x > 0, and
// α_n (e^min(x, ε) − 1 − x) + β x for x ≤ 0. α_p = softplus(a_p) and α_n = β + softplus(a_n) with trained a_p and a_n.
//   a_p, a_n, β, ε: f32 [1]

@group(0) @binding(1) var<storage, read> a_p: array<f32>;
@group(0) @binding(2) var<storage, read> a_n: array<f32>;
@group(0) @binding(3) var<storage, read> beta: array<f32>;
@group(0) @binding(4) var<storage, read> epsilon: array<f32>;

fn softplus(a: f32) -> f32 {
  return max(a, 0.0) + log(1.0 + exp(-abs(a)));
}

fn softplus_slope(a: f32) -> f32 {
  return 1.0 / (1.0 + exp(-a));
}

// e^x − 1 − x for x ≤ 0. Near 0, the difference loses all digits, and the series to x⁹ none.
fn exp_rest(x: Vector) -> Vector {
  var series = Vector(1.0 / 362880.0);
  series = series * x + 1.0 / 40320.0;
  series = series * x + 1.0 / 5040.0;
  series = series * x + 1.0 / 720.0;
  series = series * x + 1.0 / 120.0;
  series = series * x + 1.0 / 24.0;
  series = series * x + 1.0 / 6.0;
  series = series * x + 0.5;
  return select(exp(x) - 1.0 - x, series * x * x, x > Vector(-0.7));
}

// What α_n is multiplied by.
fn negative_part(x: Vector) -> Vector {
  let m = min(x, Vector(epsilon[0]));
  return exp_rest(m) + (m - x);
}
