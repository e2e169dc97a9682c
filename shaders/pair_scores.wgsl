// y[b, k] = e^(s[0]) · f[b] · g[first(b) + k], first(b) = b · own: scaled products of pictures and texts.
//   f: f32 [B, C], g: f32 [K, C] (own = 0) or [B · K, C] (own = K), s: f32 [1], y: f32 [B, stride ≥ K]
// One thread: a number of y; columns behind K become 0.

struct Params { rows: u32, texts: u32, stride: u32, own: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;
@group(0) @binding(2) var<storage, read_write> f: array<Vector>;
@group(0) @binding(3) var<storage, read_write> g: array<Vector>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows * p.stride) { return; }
  let b = i / p.stride;
  let k = i % p.stride;
  var sum = 0.0;
  if (k < p.texts) {
    let left = b * p.row_vectors;
    let right = (b * p.own + k) * p.row_vectors;
    for (var c = 0u; c < p.row_vectors; c++) {
      sum += product_sum(f[left + c], g[right + c]);
    }
  }
  y[i] = exp(s[0]) * sum;
}
