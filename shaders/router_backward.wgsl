// dz[m, e] (+)= g[m, e] · (dg[m, e] − Σ_j g[m, j] · dg[m, j]): the gradient through the gates g, which are 0 for experts that were not chosen.
//   g, dg, dz: f32 [M, EXPERTS]
// One thread: one row.

struct Params { rows: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> dg: array<f32>;
@group(0) @binding(3) var<storage, read_write> dz: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  let start = m * EXPERTS;
  var mean = 0.0;
  for (var e = 0u; e < EXPERTS; e++) {
    mean += g[start + e] * dg[start + e];
  }
  for (var e = 0u; e < EXPERTS; e++) {
    var d = g[start + e] * (dg[start + e] - mean);
    if (p.accumulate == 1u) { d += dz[start + e]; }
    dz[start + e] = d;
  }
}
