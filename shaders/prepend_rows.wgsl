// y[b] = [prefix; x[b]] for each of B blocks of rows.
//   prefix: f32 [P, C], x: f32 [B · T, C], y: f32 [B · (P + T), C], C a multiple of 4
// `head` and `block` are 4-vectors of the prefix and of one block of y. One thread: 4 values.

struct Params { vectors: u32, head: u32, block: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> prefix: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let b = i / p.block;
  let at = i % p.block;
  if (at < p.head) {
    y[i] = prefix[at];
  } else {
    y[i] = x[b * (p.block - p.head) + at - p.head];
  }
}
