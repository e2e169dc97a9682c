// df[b] (+)= e^(s[0]) · Σ_k dy[b, k] g[b · own + k]: the gradient of pair_scores for pictures.
//   dy: f32 [B, stride ≥ K], g: f32 [K, C] or [B · K, C], s: f32 [1], df: f32 [B, C]
// One thread: a vector of df.

struct Params { rows: u32, texts: u32, stride: u32, own: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> g: array<Vector>;
@group(0) @binding(4) var<storage, read_write> df: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows * p.row_vectors) { return; }
  let b = i / p.row_vectors;
  let c = i % p.row_vectors;
  var sum = Vector(0.0);
  for (var k = 0u; k < p.texts; k++) {
    sum += dy[b * p.stride + k] * g[(b * p.own + k) * p.row_vectors + c];
  }
  sum *= exp(s[0]);
  if (p.accumulate == 1u) { sum += df[i]; }
  df[i] = sum;
}
