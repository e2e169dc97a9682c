// loss[i] = log Σ_v e^(z[v]) − z[target];  with GRADIENT also z ← (softmax(z) − onehot) · scale, in place.
// With CAP > 0 the logits are soft-capped first: z = CAP · tanh(ž / CAP), and the gradient is that of ž.
//   rows: u32 [M] (positions trained on), targets: i32 [M], logits z: f32 [R, stride ≥ V, a multiple of 4] (0 behind V), loss: f32 [M], state: the step's numbers
// LANES threads share a row of logits; rows beyond the supervised count get loss and gradient 0.

struct Params { first: u32, rows: u32, vocab: u32, stride: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<i32>;
@group(0) @binding(3) var<storage, read> state: StepState;
@group(0) @binding(4) var<storage, read_write> logits: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> loss: array<f32>;

// Vectors that one lane sums before the result is added to the total.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let vocab = p.vocab;
  let vectors = p.stride / 4u;
  let start = min(row, p.rows - 1u) * vectors;
  var most = vec4<f32>(-3.4e38);
  for (var v = lane; v < vectors; v += LANES) {
    most = max(most, select(most, capped(logits[start + v]), tokens(v) < vec4<u32>(vocab)));
  }
  let highest = row_max(max(max(most.x, most.y), max(most.z, most.w)), lane);
  // A large vocabulary has a tail of many small terms. They are summed in blocks, and `lost` keeps what rounding takes from a sum.
  var sums = vec4<f32>(0.0);
  var lost = vec4<f32>(0.0);
  for (var block = lane; block < vectors; block += BLOCK * LANES) {
    var part = vec4<f32>(0.0);
    for (var v = block; v < min(block + BLOCK * LANES, vectors); v += LANES) {
      let term = select(vec4<f32>(0.0), exp(capped(logits[start + v]) - highest), tokens(v) < vec4<u32>(vocab));
      let next = part + term;
      lost += select(term - (next - part), part - (next - term), term > part);
      part = next;
    }
    let next = sums + part;
    lost += select(part - (next - sums), sums - (next - part), part > sums);
    sums = next;
  }
  sums += lost;
  let target_id = u32(max(targets[rows[p.first + min(row, p.rows - 1u)]], 0));
  let target_logit = capped(logits[start + target_id / 4u])[target_id % 4u];  // before any lane overwrites it: row_sum is a barrier
  let total = row_sum(dot(sums, vec4<f32>(1.0)), lane);
  if (row >= p.rows) { return; }
  let supervised = p.first + row < state.supervised;
  if (lane == 0u) {
    loss[p.first + row] = select(0.0, log(total) + (highest - target_logit), supervised);
  }
  if (GRADIENT) {
    let scale = select(0.0, state.loss_scale, supervised);
    for (var v = lane; v < vectors; v += LANES) {
      let z = capped(logits[start + v]);
      var slope = vec4<f32>(scale);
      if (CAP > 0.0) { slope *= 1.0 - (z / CAP) * (z / CAP); }
      let hit = select(vec4<f32>(0.0), vec4<f32>(1.0), tokens(v) == vec4<u32>(target_id));
      let change = (exp(z - highest) / total - hit) * slope;
      logits[start + v] = select(vec4<f32>(0.0), change, tokens(v) < vec4<u32>(vocab));
    }
  }
}
