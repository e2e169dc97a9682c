// dprompt[t] (+)= Σ_b dx[b · T + t]: the virtual tokens are the first P of every row.
//   ids: u32 [B · T], dx: f32 [B · T, C], dprompt: f32 [P, C]
// One thread: a vector, all batch rows in order.

struct Params { vectors: u32, row_vectors: u32, first: u32, batch: u32, length: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> dx: array<Vector>;
@group(0) @binding(3) var<storage, read_write> dprompt: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let token = i / p.row_vectors;
  var sum = Vector(0.0);
  for (var b = 0u; b < p.batch; b++) {
    let m = b * p.length + token;
    if (ids[m] == p.first + token) {
      sum += dx[m * p.row_vectors + i % p.row_vectors];
    }
  }
  if (p.accumulate == 1u) { sum += dprompt[i]; }
  dprompt[i] = sum;
}
