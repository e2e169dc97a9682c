// y[row] = x[token of the row], times the gate of the row's slot if WEIGHTED: rows of tokens, sorted by expert.
//   x: f32 [M, C], slot_of: u32 [M · TOP_K], gates: f32 [M, TOP_K], y: f32 [M · TOP_K, C]

struct Params { vectors: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> slot_of: array<u32>;
@group(0) @binding(3) var<storage, read_write> gates: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let slot = slot_of[i / p.row_vectors];
  var value = x[slot / TOP_K * p.row_vectors + i % p.row_vectors];
  if (WEIGHTED) { value *= gates[slot]; }
  y[i] = value;
}
