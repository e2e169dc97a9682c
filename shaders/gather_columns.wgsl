// y[m, j] = a[j, ids[m]], 0 for ids beyond the table: rows of the transposed table.   ids: u32 [M], a: f32 [R, V], y: f32 [M, R]
// One thread: one value.

struct Params { count: u32, rank: u32, columns: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> a: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  let id = ids[i / p.rank];
  var value = 0.0;
  if (id < p.columns) { value = a[(i % p.rank) * p.columns + id]; }
  y[i] = value;
}
