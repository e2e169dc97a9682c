// dz[m, e] += weight · share · EXPERTS / N · p[m, e] · (f_e − Σ_j f_j · p[m, j]): router_balance through P, p = softmax(z[m]);
// f counts as a constant; padding (targets of −2) gets 0.
//   state: the step's numbers, targets: i32 [M], z, dz: f32 [M, EXPERTS], load: f32 [EXPERTS, 3] (f, P, N)
// One thread: one row.

struct Params { rows: u32, weight: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read> targets: array<i32>;
@group(0) @binding(3) var<storage, read_write> z: array<f32>;
@group(0) @binding(4) var<storage, read_write> load: array<f32>;
@group(0) @binding(5) var<storage, read_write> dz: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  if (targets[m] == -2) { return; }
  let start = m * EXPERTS;
  var highest = z[start];
  for (var e = 1u; e < EXPERTS; e++) {
    highest = max(highest, z[start + e]);
  }
  var total = 0.0;
  var mean = 0.0;
  for (var e = 0u; e < EXPERTS; e++) {
    let power = exp(z[start + e] - highest);
    total += power;
    mean += power * load[e * 3u];
  }
  mean /= total;
  let scale = p.weight * state.loss_scale * f32(state.supervised) * f32(EXPERTS) / (load[2] * total);
  for (var e = 0u; e < EXPERTS; e++) {
    dz[start + e] += scale * exp(z[start + e] - highest) * (load[e * 3u] - mean);
  }
}
