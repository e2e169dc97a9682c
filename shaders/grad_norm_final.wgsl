// metrics.grad_norm = √Σ parts, the global norm; metrics.finite = 1 if loss and norm are finite, else 0;
// metrics.clip_factor = min(1, clip / (norm + 1e−6)), 1 where clip is 0 (Pascanu 2013; torch's constant).
// metrics.halted stays 1 once loss or norm was not finite, so that steps already under way do not change the weights either.
//   parts: f32 [pieces]
// One row for LANES threads. The test for finite numbers reads the exponent bits, because some drivers optimise `x != x` away.

struct Params { pieces: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> parts: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: StepMetrics;

fn finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

// Parts that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  var sum = 0.0;
  for (var block = lane; block < p.pieces; block += BLOCK * LANES) {
    var part = 0.0;
    for (var i = block; i < min(block + BLOCK * LANES, p.pieces); i += LANES) {
      part += parts[i];
    }
    sum += part;
  }
  sum = row_sum(sum, lane);
  if (local != 0u) { return; }
  let norm = sqrt(sum);
  metrics.grad_norm = norm;
  if (!finite(sum) || !finite(metrics.loss)) { metrics.halted = 1.0; }
  metrics.finite = 1.0 - metrics.halted;
  metrics.clip_factor = 1.0;
  if (state.clip > 0.0) { metrics.clip_factor = min(1.0, state.clip / (norm + 1e-6)); }
}
