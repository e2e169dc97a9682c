// y[m, j] (+)= a[m, j] · gates[m, expert].   a, y: f32 [M, R], gates: f32 [M, experts]; any R
// One thread: one value.

struct Params { count: u32, rank: u32, expert: u32, experts: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>;
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  var value = a[i] * gates[(i / p.rank) * p.experts + p.expert];
  if (p.accumulate == 1u) { value += y[i]; }
  y[i] = value;
}
