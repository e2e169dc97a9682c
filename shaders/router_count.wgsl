// counts[e] += the number of tokens that chose expert e, which are those with a gate above 0; padding, marked by targets of −2, does not count.
//   targets: i32 [M], gates: f32 [M, EXPERTS], counts: f32 [EXPERTS]
// LANES threads share an expert.

struct Params { rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> targets: array<i32>;
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;
@group(0) @binding(3) var<storage, read_write> counts: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let expert = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let e = min(expert, EXPERTS - 1u);
  var chosen = 0.0;
  for (var m = lane; m < p.rows; m += LANES) {
    if (targets[m] != -2 && gates[m * EXPERTS + e] > 0.0) { chosen += 1.0; }
  }
  chosen = row_sum(chosen, lane);
  if (lane == 0u && expert < EXPERTS) {
    counts[e] += chosen;
  }
}
