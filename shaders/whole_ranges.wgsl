// ranges[m] = (0, keys): every query sees all keys.   ranges: vec2<u32> [M]

struct Params { rows: u32, keys: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> ranges: array<vec2<u32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.rows) { return; }
  ranges[i] = vec2<u32>(0u, p.keys);
}
