// dgates[m, expert] (+)= Σ_j dy[m, j] · a[m, j].   dy, a: f32 [M, R], dgates: f32 [M, experts]; any R
// One thread: one row.

struct Params { rows: u32, rank: u32, expert: u32, experts: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> a: array<f32>;
@group(0) @binding(3) var<storage, read_write> dgates: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  var sum = 0.0;
  for (var j = 0u; j < p.rank; j++) {
    sum += dy[m * p.rank + j] * a[m * p.rank + j];
  }
  let at = m * p.experts + p.expert;
  if (p.accumulate == 1u) { sum += dgates[at]; }
  dgates[at] = sum;
}
