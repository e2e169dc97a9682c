// metrics.loss += loss_scale · Σ_i loss[i] over the supervised rows.   loss: f32 [rows]
// One row for LANES threads: the whole batch.

struct Params { rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: StepMetrics;

// Losses that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let supervised = min(state.supervised, p.rows);
  var sum = 0.0;
  for (var block = lane; block < supervised; block += BLOCK * LANES) {
    var part = 0.0;
    for (var i = block; i < min(block + BLOCK * LANES, supervised); i += LANES) {
      part += loss[i];
    }
    sum += part;
  }
  sum = row_sum(sum, lane);
  if (local == 0u) { metrics.loss += sum * state.loss_scale; }
}
