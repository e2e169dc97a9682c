// dgate = dy · up · gelu′(gate),  dup = dy · gelu(gate), tanh form (common/gelu)
//   gate, up, dy, dgate, dup: f32 [count]
// One thread: a vector.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> gate: array<Vector>;
@group(0) @binding(2) var<storage, read_write> up: array<Vector>;
@group(0) @binding(3) var<storage, read_write> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dgate: array<Vector>;
@group(0) @binding(5) var<storage, read_write> dup: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let g = gate[i];
  let d = dy[i];
  dgate[i] = d * up[i] * gelu_slope(g);
  dup[i] = d * gelu(g);
}
