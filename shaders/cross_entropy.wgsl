// loss[i] = log Σ_v e^(z[v]) − z[target];  with GRADIENT also z ← (softmax(z) − onehot) · scale, in place.
// With CAP > 0 the logits are soft-capped first: z = CAP · tanh(ž / CAP), and the gradient is that of ž.
//   rows: u32 [M] (positions trained on), targets: i32 [M], logits z: f32 [R, stride ≥ V] (0 behind V), loss: f32 [M], state: the step's numbers
// LANES threads share a row of logits; rows beyond the supervised count get loss and gradient 0.

struct Params { first: u32, rows: u32, vocab: u32, stride: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<i32>;
@group(0) @binding(3) var<storage, read> state: StepState;
@group(0) @binding(4) var<storage, read_write> logits: array<f32>;
@group(0) @binding(5) var<storage, read_write> loss: array<f32>;

fn logit(at: u32) -> f32 {
  if (CAP > 0.0) { return soft_cap(logits[at], CAP); }
  return logits[at];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let start = min(row, p.rows - 1u) * p.stride;
  var highest = -3.4e38;
  for (var v = lane; v < p.vocab; v += LANES) {
    highest = max(highest, logit(start + v));
  }
  highest = row_max(highest, lane);
  var total = 0.0;
  for (var v = lane; v < p.vocab; v += LANES) {
    total += exp(logit(start + v) - highest);
  }
  let target_id = u32(max(targets[rows[p.first + min(row, p.rows - 1u)]], 0));
  let target_logit = logit(start + target_id);  // before any lane overwrites it: row_sum is a barrier
  total = row_sum(total, lane);
  if (row >= p.rows) { return; }
  let supervised = p.first + row < state.supervised;
  if (lane == 0u) {
    loss[p.first + row] = select(0.0, log(total) + highest - target_logit, supervised);
  }
  if (GRADIENT) {
    let scale = select(0.0, state.loss_scale, supervised);
    for (var v = lane; v < p.vocab; v += LANES) {
      let z = logit(start + v);
      var slope = scale;
      if (CAP > 0.0) { slope *= soft_cap_slope(z, CAP); }
      logits[start + v] = (exp(z - highest) / total - select(0.0, 1.0, v == target_id)) * slope;
    }
    for (var v = p.vocab + lane; v < p.stride; v += LANES) {
      logits[start + v] = 0.0;
    }
  }
}
