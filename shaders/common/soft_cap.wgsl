// cap · tanh(z / cap), which keeps numbers within ±cap (Gemma Team 2024, arXiv 2408.00118, section 2); its slope is 1 − (result / cap)².
// tanh by Lambert's continued fraction to four terms below 1 (within 4e-8), by e^2x above: adapters' own tanh may overflow.

fn soft_cap(z: f32, cap: f32) -> f32 {
  let x = z / cap;
  let square = x * x;
  let near = x * (945.0 + square * (105.0 + square)) / (945.0 + square * (420.0 + 15.0 * square));
  let far = sign(x) * (1.0 - 2.0 / (exp(2.0 * min(abs(x), 20.0)) + 1.0));
  return cap * select(far, near, abs(x) < 1.0);
}

fn soft_cap_slope(capped: f32, cap: f32) -> f32 {
  return 1.0 - (capped / cap) * (capped / cap);
}
