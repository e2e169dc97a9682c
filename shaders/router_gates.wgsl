// gates[m, e] = softmax over the TOP_K largest of z[m] at e, 0 for the other experts; of equal ones, the first count as larger.
//   z, gates: f32 [M, EXPERTS]
// One thread: one row.

struct Params { rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> gates: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  let start = m * EXPERTS;
  var highest = z[start];
  for (var e = 1u; e < EXPERTS; e++) {
    highest = max(highest, z[start + e]);
  }
  var total = 0.0;
  for (var e = 0u; e < EXPERTS; e++) {
    var gate = 0.0;
    if (is_chosen(start, e)) { gate = exp(z[start + e] - highest); }
    gates[start + e] = gate;
    total += gate;
  }
  for (var e = 0u; e < EXPERTS; e++) {
    gates[start + e] /= total;
  }
}
