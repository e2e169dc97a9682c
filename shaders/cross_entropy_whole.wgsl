// loss[i] = log Σ_v e^(z[v]) − z[target] from the pieces of cross_entropy_parts; with GRADIENT also
// z ← (softmax(z) − onehot) · scale, in place. With CAP > 0 the gradient is that of the logits before the cap.
//   rows: u32 [M] (positions trained on), targets: i32 [M], logits, parts: as there, loss: f32 [M], state: the step's numbers
// One workgroup: one piece of a row; the one that holds the target writes the loss. Rows beyond the supervised count get 0.

struct Params { first: u32, rows: u32, vocab: u32, stride: u32, pieces: u32, vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<i32>;
@group(0) @binding(3) var<storage, read> state: StepState;
@group(0) @binding(4) var<storage, read_write> logits: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> parts: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> loss: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y;
  let start = row * (p.stride / 4u);
  let first = group.x * p.vectors;
  let end = min(first + p.vectors, p.stride / 4u);
  var most = -3.4e38;
  for (var c = lane; c < p.pieces; c += 64u) { most = max(most, parts[row * p.pieces + c].x); }
  let highest = row_max(most, lane);
  var sum = 0.0;
  for (var c = lane; c < p.pieces; c += 64u) {
    let part = parts[row * p.pieces + c];
    sum += part.y * exp(part.x - highest);
  }
  let total = row_sum(sum, lane);
  let supervised = p.first + row < state.supervised;
  let target_id = u32(max(targets[rows[p.first + row]], 0));
  if (lane == 0u && target_id / 4u >= first && target_id / 4u < end) {
    let target_logit = capped(logits[start + target_id / 4u])[target_id % 4u];
    loss[p.first + row] = select(0.0, log(total) + highest - target_logit, supervised);
  }
  // Logits change only after the target's logit is read.
  storageBarrier();
  if (!GRADIENT) { return; }
  let scale = select(0.0, state.loss_scale, supervised);
  for (var v = first + lane; v < end; v += 64u) {
    let z = capped(logits[start + v]);
    var slope = vec4<f32>(scale);
    if (CAP > 0.0) { slope *= 1.0 - (z / CAP) * (z / CAP); }
    let hit = select(vec4<f32>(0.0), vec4<f32>(1.0), tokens(v) == vec4<u32>(target_id));
    let change = (exp(z - highest) / total - hit) * slope;
    logits[start + v] = select(vec4<f32>(0.0), change, tokens(v) < vec4<u32>(p.vocab));
  }
}
