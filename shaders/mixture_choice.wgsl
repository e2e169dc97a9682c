// The experts of each token (Shazeer 2017, arXiv 1701.06538, section 2.1): those with the TOP_K largest logits, the largest first; of equal
// ones, the first. Their gates are probabilities · scale: of the softmax over the chosen experts if NORMALISED, else over all of them.
//   z: f32 [M, EXPERTS], chosen: u32 [M, TOP_K], gates: f32 [M, TOP_K]
// One thread: one token.

struct Params { rows: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> z: array<f32>;
@group(0) @binding(2) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(3) var<storage, read_write> gates: array<f32>;

// The largest of the experts that come after `before`, in the order of their logits.
fn next_largest(start: u32, before: u32, is_first: bool) -> u32 {
  var best = EXPERTS;
  for (var e = 0u; e < EXPERTS; e++) {
    let value = z[start + e];
    let taken = !is_first && (value > z[start + before] || (value == z[start + before] && e <= before));
    if (!taken && (best == EXPERTS || value > z[start + best])) { best = e; }
  }
  // Without an order (NaN), any expert will do: the result is not a number anyway.
  return min(best, EXPERTS - 1u);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let m = linear_index(group, groups, local);
  if (m >= p.rows) { return; }
  let start = m * EXPERTS;
  var expert = 0u;
  var highest = 0.0;
  var total = 0.0;
  for (var j = 0u; j < TOP_K; j++) {
    expert = next_largest(start, expert, j == 0u);
    if (j == 0u) { highest = z[start + expert]; }
    let weight = exp(z[start + expert] - highest);
    chosen[m * TOP_K + j] = expert;
    gates[m * TOP_K + j] = weight;
    total += weight;
  }
  if (!NORMALISED) {
    total = 0.0;
    for (var e = 0u; e < EXPERTS; e++) {
      total += exp(z[start + e] - highest);
    }
  }
  for (var j = 0u; j < TOP_K; j++) {
    gates[m * TOP_K + j] *= p.scale / total;
  }
}
