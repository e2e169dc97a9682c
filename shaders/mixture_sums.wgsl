// out[m] (+)= Σ_j y[place[m, j]], times gates[m, j] if WEIGHTED: each token gets back the rows of its experts.
//   y: f32 [M · TOP_K, C], place: u32 [M, TOP_K], gates: f32 [M, TOP_K], out: f32 [M, C]

struct Params { vectors: u32, row_vectors: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<Vector>;
@group(0) @binding(2) var<storage, read_write> place: array<u32>;
@group(0) @binding(3) var<storage, read_write> gates: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let m = i / p.row_vectors;
  var sum = Vector(0.0);
  for (var j = 0u; j < TOP_K; j++) {
    let slot = m * TOP_K + j;
    var value = y[place[slot] * p.row_vectors + i % p.row_vectors];
    if (WEIGHTED) { value *= gates[slot]; }
    sum += value;
  }
  if (p.accumulate == 1u) { sum += out[i]; }
  out[i] = sum;
}
