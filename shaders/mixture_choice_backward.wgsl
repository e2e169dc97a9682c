// dz[m] (+)= the gradient of the router's logits from that of the gates of the chosen experts. With P the probabilities that the gates were
// taken from and D = Σ_j gates[m, j] · dgates[m, j]: dz[m, e] = gates[m, j] · dgates[m, j] if e is chosen as j, else 0, − P[e] · D.
//   z, dz: f32 [M, EXPERTS], chosen: u32 [M, TOP_K], gates, dgates: f32 [M, TOP_K]
// One thread: one token.

struct Params { rows: u32, scale: f32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(3) var<storage, read_write> gates: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgates: array<f32>;
@group(0) @binding(5) var<storage, read_write> dz: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  let start = m * EXPERTS;
  let first = m * TOP_K;
  var together = 0.0;
  for (var j = 0u; j < TOP_K; j++) {
    together += gates[first + j] * dgates[first + j];
  }
  // The first chosen expert has the largest logit.
  let highest = z[start + chosen[first]];
  var total = 0.0;
  if (!NORMALISED) {
    for (var e = 0u; e < EXPERTS; e++) {
      total += exp(z[start + e] - highest);
    }
  }
  for (var e = 0u; e < EXPERTS; e++) {
    var d = 0.0;
    if (!NORMALISED) { d = -exp(z[start + e] - highest) / total * together; }
    if (p.accumulate == 1u) { d += dz[start + e]; }
    dz[start + e] = d;
  }
  for (var j = 0u; j < TOP_K; j++) {
    var d = gates[first + j] * dgates[first + j];
    if (NORMALISED) { d -= gates[first + j] / p.scale * together; }
    dz[start + chosen[first + j]] += d;
  }
}
