// attention.wgsl for a few queries and no gradient, as in decoding, with the same formulas, shapes and parameters, but without lse.
// One workgroup: one query of one head, BLOCK of its keys at a time. First, SHARE neighbouring threads compute the scores of SHARE
// keys together, each for a part of the dimensions. Then each thread computes the weight of one key. Then D4 neighbouring threads
// read one value, a vector each, and the workgroup reads GROUPS values at once. All orders are fixed.

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;

/// The number of keys in a block and of threads.
const BLOCK: u32 = 256u;
/// Keys whose scores are computed at once, SHARE threads for each.
const SLOTS: u32 = BLOCK / SHARE;
/// Parts of a key's score, padded so that neighbouring keys lie in different banks.
const STRIDE: u32 = SHARE + 1u;
const GROUPS: u32 = BLOCK / D4;
/// All scores are higher than this.
const LOWEST: f32 = -1e38;

var<workgroup> range_of_all: vec2<u32>;
var<workgroup> query: array<vec4<f32>, D4>;
var<workgroup> score_parts: array<f32, BLOCK * STRIDE>;
/// A block's scores, and later its weights.
var<workgroup> weights: array<f32, BLOCK>;
var<workgroup> maxima: array<f32, 16>;
var<workgroup> sums: array<vec4<f32>, BLOCK>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  // x: heads, y: queries, z: batch rows
  let m = id.z * p.length + id.y;
  let vector0 = (m * p.heads + id.x) * D4;
  if (local < D4) { query[local] = q[vector0 + local] * p.scale; }
  if (local == 0u) { range_of_all = ranges[m]; }
  let range = workgroupUniformLoad(&range_of_all);
  // The query sees `count` keys from `first` on.
  let first = window_start(range, p.window);
  let count = max(first, range.y) - first;
  // The first vector of key j of the row is at `key0 + j · step`.
  let step = p.kv_heads * D4;
  let key0 = id.z * p.keys * step + id.x / (p.heads / p.kv_heads) * D4;

  let lane = local % SHARE;
  let slot = local / SHARE;
  let column = local % D4;
  let group = local / D4;
  var highest = LOWEST;
  var total = 0.0;
  var sum = vec4<f32>(0.0);
  for (var start = 0u; start < count; start += BLOCK) {
    // After the last key it is repeated, which does not change the maximum; its extra weights are left out below.
    var key_at: array<u32, SHARE>;
    // unroll
    for (var i = 0u; i < SHARE; i++) {
      let n = min(start + i * SLOTS + slot, count - 1u);
      key_at[i] = key0 + (first + n) * step + lane;
    }
    var part = array<f32, SHARE>();
    for (var d = 0u; d < D4; d += SHARE) {
      let mine = query[d + lane];
      // unroll
      for (var i = 0u; i < SHARE; i++) {
        part[i] += dot(mine, key4(key_at[i] + d));
      }
    }
    // unroll
    for (var i = 0u; i < SHARE; i++) {
      score_parts[(i * SLOTS + slot) * STRIDE + lane] = part[i];
    }
    workgroupBarrier();
    var score = 0.0;
    // unroll
    for (var i = 0u; i < SHARE; i++) {
      score += score_parts[local * STRIDE + i];
    }
    if (CAP > 0.0) { score = soft_cap(score, CAP); }
    weights[local] = score;
    workgroupBarrier();
    if (local < 16u) {
      var most = LOWEST;
      // unroll
      for (var i = 0u; i < 16u; i++) {
        most = max(most, weights[i * 16u + local]);
      }
      maxima[local] = most;
    }
    workgroupBarrier();
    var higher = highest;
    // unroll
    for (var i = 0u; i < 16u; i++) {
      higher = max(higher, maxima[i]);
    }
    weights[local] = exp(score - higher);
    let keep = exp(highest - higher);
    highest = higher;
    total *= keep;
    sum *= keep;
    workgroupBarrier();
    let keys = min(BLOCK, count - start);
    for (var block = 0u; block < keys; block += TURN * GROUPS) {
      // unroll
      for (var i = 0u; i < TURN; i++) {
        let place = block + i * GROUPS + group;
        let n = start + min(place, keys - 1u);
        let weight = select(0.0, weights[min(place, BLOCK - 1u)], place < keys);
        total += weight;
        sum += weight * value4(key0 + (first + n) * step + column);
      }
    }
  }
  // The threads of each vector add up the groups' sums. `weights` is no longer needed and holds the groups' totals.
  workgroupBarrier();
  sums[local] = sum;
  weights[local] = total;
  workgroupBarrier();
  if (local >= D4) { return; }
  for (var g = 1u; g < GROUPS; g++) {
    sum += sums[g * D4 + local];
    total += weights[g * D4 + local];
  }
  // The result is 0 for a query that sees no key.
  y[vector0 + local] = sum / select(total, 1.0, total == 0.0);
}
