// links[m] = (next position after m with the same id, or M if there is none; 1 if no earlier position has the id, else 0).
//   ids: u32 [M], links: u32 [M, 2]
// One thread: one position. With these links, a table's gradient is summed in order and without atomics.

struct Params { positions: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> links: array<vec2<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.positions) { return; }
  let id = ids[m];
  var next = m + 1u;
  while (next < p.positions && ids[next] != id) { next++; }
  var before = 0u;
  while (before < m && ids[before] != id) { before++; }
  links[m] = vec2<u32>(next, select(0u, 1u, before == m));
}
