// cache[b, at[b] + t] = x[b, t] for the t-th new token: adds the keys or values of a decoding step to the cache, rounded to f16.
//   at: u32 [B], x: f32 [B · T, C], cache: f16 [B · longest, C], two to a word, C a multiple of 4
// One thread: 4 values. A value that f16 cannot hold becomes the largest f16; tokens beyond `longest` are ignored.

// The number of vectors of everything, of a token, of T tokens and of `longest` tokens.
struct Params { vectors: u32, row_vectors: u32, new_vectors: u32, cache_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> at: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> cache: array<vec2<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let b = i / p.new_vectors;
  let place = at[b] * p.row_vectors + i % p.new_vectors;
  if (place >= p.cache_vectors) { return; }
  let value = clamp(x[i], vec4<f32>(-65504.0), vec4<f32>(65504.0));
  cache[b * p.cache_vectors + place] = vec2<u32>(pack2x16float(value.xy), pack2x16float(value.zw));
}
