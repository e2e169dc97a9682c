// dx (+)= Σ_b dy[b], b in order, over the first rows of each of B blocks of dy that lie `stride` apart.
//   dx: f32 [P, C], dy: f32 [B · (P + T), C]
// One thread: a vector.

struct Params { vectors: u32, blocks: u32, stride: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(2) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  var sum = Vector(0.0);
  for (var b = 0u; b < p.blocks; b++) {
    sum += dy[b * p.stride + i];
  }
  if (p.accumulate == 1u) { sum += dx[i]; }
  dx[i] = sum;
}
