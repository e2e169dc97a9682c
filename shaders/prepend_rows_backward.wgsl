// dx (+)= the rows of dy behind the prefix in each block (prepend_rows.wgsl).
//   dy: f32 [B · (P + T), C], dx: f32 [B · T, C]
// One thread: a vector.

struct Params { vectors: u32, head: u32, block: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(2) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let tail = p.block - p.head;
  var d = dy[i / tail * p.block + p.head + i % tail];
  if (p.accumulate == 1u) { d += dx[i]; }
  dx[i] = d;
}
