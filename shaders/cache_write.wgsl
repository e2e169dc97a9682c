// cache[at[0] + t] = x[t] for the t-th of the new tokens: keys or values of a decoding step join the cache.
//   at: u32 [1], x: f32 [T, C], cache: f32 [longest, C], C a multiple of 4

struct Params { vectors: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> at: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> cache: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  cache[at[0] * p.row_vectors + i] = x[i];
}
