// y[b] = [prefix; x[b]] for each of B blocks of rows.
//   prefix: f32 [P, C], x: f32 [B · T, C], y: f32 [B · (P + T), C]
// `head` and `block` are vectors of the prefix and of one block of y. One thread: a vector.

struct Params { vectors: u32, head: u32, block: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> prefix: array<Vector>;
@group(0) @binding(2) var<storage, read_write> x: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;

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
