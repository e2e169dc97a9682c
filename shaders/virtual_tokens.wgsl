// x[m] = prompt[ids[m] − first] where ids[m] ≥ first: virtual tokens take the ids behind the vocabulary. In place.
//   ids: u32 [M], prompt: f32 [P, C], x: f32 [M, C]
// One thread: a vector.

struct Params { vectors: u32, row_vectors: u32, first: u32, tokens: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> prompt: array<Vector>;
@group(0) @binding(3) var<storage, read_write> x: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let token = ids[i / p.row_vectors] - p.first;
  if (token < p.tokens) {
    x[i] = prompt[token * p.row_vectors + i % p.row_vectors];
  }
}
