// parts[i, c] = (max, Σ_v e^(z[v] − max)) over the c-th of the equal pieces of a row of logits. The pieces give a GPU enough work
// if there are few rows of a large vocabulary. With CAP > 0 the logits are soft-capped first.
//   logits: f32 [R, stride ≥ V, a multiple of 4], parts: f32 [R, pieces] pairs
// One workgroup: one piece of a row.

struct Params { rows: u32, vocab: u32, stride: u32, pieces: u32, vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> logits: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec2<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let start = group.y * (p.stride / 4u);
  let first = group.x * p.vectors;
  let end = min(first + p.vectors, p.stride / 4u);
  var most = vec4<f32>(-3.4e38);
  for (var v = first + lane; v < end; v += 64u) {
    most = max(most, select(most, capped(logits[start + v]), tokens(v) < vec4<u32>(p.vocab)));
  }
  let highest = row_max(max(max(most.x, most.y), max(most.z, most.w)), lane);
  var sums = vec4<f32>(0.0);
  for (var v = first + lane; v < end; v += 64u) {
    sums += select(vec4<f32>(0.0), exp(capped(logits[start + v]) - highest), tokens(v) < vec4<u32>(p.vocab));
  }
  let total = row_sum(dot(sums, vec4<f32>(1.0)), lane);
  if (lane == 0u) { parts[group.y * p.pieces + group.x] = vec2<f32>(highest, total); }
}
