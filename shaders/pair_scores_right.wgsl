// dg[k] (+)= e^(s[0]) · Σ_b dy[b, k] f[b], or for each picture alone where own = K: the gradient of pair_scores for texts.
//   dy: f32 [B, stride ≥ K], f: f32 [B, C], s: f32 [1], dg: f32 [K, C] or [B · K, C]
// One thread: a vector of dg.

struct Params { rows: u32, texts: u32, stride: u32, own: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> f: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dg: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  let pictures = select(1u, p.rows, p.own > 0u);
  if (i >= pictures * p.texts * p.row_vectors) { return; }
  let text = i / p.row_vectors;
  let k = text % p.texts;
  let c = i % p.row_vectors;
  let first = text / p.texts;
  let end = select(p.rows, first + 1u, p.own > 0u);
  var sum = Vector(0.0);
  for (var b = first; b < end; b++) {
    sum += dy[b * p.stride + k] * f[b * p.row_vectors + c];
  }
  sum *= exp(s[0]);
  if (p.accumulate == 1u) { sum += dg[i]; }
  dg[i] = sum;
}
