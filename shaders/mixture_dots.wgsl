// dgates[m, j] (+)= Σ_c dout[m, c] · y[place[m, j], c]: the gradient of the gates.
//   dout: f32 [M, C], y: f32 [M · TOP_K, C], place: u32 [M, TOP_K], dgates: f32 [M, TOP_K]
// LANES threads share a gate.

struct Params { slots: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dout: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;
@group(0) @binding(3) var<storage, read_write> place: array<u32>;
@group(0) @binding(4) var<storage, read_write> dgates: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let row = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let slot = min(row, p.slots - 1u);
  let left = slot / TOP_K * p.row_vectors;
  let right = place[slot] * p.row_vectors;
  var sum = 0.0;
  for (var v = lane; v < p.row_vectors; v += LANES) {
    sum += product_sum(dout[left + v], y[right + v]);
  }
  sum = row_sum(sum, lane);
  if (lane > 0u || row >= p.slots) { return; }
  if (p.accumulate == 1u) { sum += dgates[slot]; }
  dgates[slot] = sum;
}
