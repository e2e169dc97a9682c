// load[e] = (f, P, N): the share of choices of expert e, the mean of its softmax probability, and the number of tokens;
// padding, marked by targets of −2, does not count (Fedus 2021, eq. 5 and 6; with TOP_K choices a token).
//   targets: i32 [M], z: f32 [M, EXPERTS], load: f32 [EXPERTS, 3]
// LANES threads share an expert.

struct Params { rows: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> targets: array<i32>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> load: array<f32>;

// Tokens that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let expert = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let e = min(expert, EXPERTS - 1u);
  var chosen = 0.0;
  var probability = 0.0;
  var tokens = 0.0;
  for (var block = lane; block < p.rows; block += BLOCK * LANES) {
    var part = 0.0;
    for (var m = block; m < min(block + BLOCK * LANES, p.rows); m += LANES) {
      if (targets[m] == -2) { continue; }
      let start = m * EXPERTS;
      var total = 0.0;
      for (var j = 0u; j < EXPERTS; j++) {
        total += exp(z[start + j] - z[start + e]);
      }
      part += 1.0 / total;
      tokens += 1.0;
      if (is_chosen(start, e)) { chosen += 1.0; }
    }
    probability += part;
  }
  chosen = row_sum(chosen, lane);
  probability = row_sum(probability, lane);
  tokens = max(1.0, row_sum(tokens, lane));
  if (lane == 0u && expert < EXPERTS) {
    load[e * 3u] = chosen / (tokens * f32(TOP_K));
    load[e * 3u + 1u] = probability / tokens;
    load[e * 3u + 2u] = tokens;
  }
}
