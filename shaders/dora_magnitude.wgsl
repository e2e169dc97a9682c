// dmagnitude[n] += Σ_m dz[m, n] · (y[m, n] − bias[n]) / norms[n], then dy = dz · magnitude[n] / norms[n], written over dz;
// the norms count as constants (Liu 2024, section 4.3).
//   dz, y: f32 [M, N], magnitude, bias, norms, dmagnitude: f32 [N]; without BIASED, any tensor may be bound as the bias
// One thread: a vector of columns, all rows in order, in blocks.

struct Params { rows: u32, row_vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> magnitude: array<Vector>;
@group(0) @binding(2) var<storage, read> bias: array<Vector>;
@group(0) @binding(3) var<storage, read_write> norms: array<Vector>;
@group(0) @binding(4) var<storage, read_write> y: array<Vector>;
@group(0) @binding(5) var<storage, read_write> dz: array<Vector>;
@group(0) @binding(6) var<storage, read_write> dmagnitude: array<Vector>;

// Rows that are summed before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let n = linear_index(group, groups, local);
  if (n >= p.row_vectors) { return; }
  let shift = select(Vector(0.0), bias[n], BIASED);
  let factor = magnitude[n] / norms[n];
  var sum = Vector(0.0);
  for (var block = 0u; block < p.rows; block += BLOCK) {
    var part = Vector(0.0);
    for (var m = block; m < min(block + BLOCK, p.rows); m++) {
      let i = m * p.row_vectors + n;
      let d = dz[i];
      part += d * (y[i] - shift);
      dz[i] = d * factor;
    }
    sum += part;
  }
  dmagnitude[n] += sum / norms[n];
}
