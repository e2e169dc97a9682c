// AdamW as in adamw.wgsl with states of 8 bits (Dettmers 2022, arXiv 2110.02861, sections 2 and 3): each block of 256 values keeps
// codes q and the largest magnitude a of its means and of its squares; m = a · map[q], the signed dynamic map for m, the unsigned for v.
// The step uses m and v as computed. The nearest code is stored (the lower of two that are equally near), and m keeps its sign.
//   w, g: f32 [256 · blocks], rates: vec2 [4 · blocks], maps: f32 [2, 256] ascending
//   states: u32 [blocks, 130]: 64 words of m's codes, 64 of v's, a of m and of v as f32 bits
// LANES threads share a block and read it twice: for the largest magnitudes, and for the step. If the loss or the norm is not finite
// (metrics.finite = 0), nothing changes. Magnitudes below 1e-37 count as 0, because adapters flush smaller numbers.

struct Params { blocks: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> metrics: StepMetrics;
@group(0) @binding(3) var<storage, read> maps: array<f32>;
@group(0) @binding(4) var<storage, read> rates: array<vec2<f32>>;
@group(0) @binding(5) var<storage, read_write> g: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> states: array<u32>;
@group(0) @binding(7) var<storage, read_write> w: array<vec4<f32>>;

const WORDS: u32 = 64u;
const SIGNED: u32 = 0u;
const UNSIGNED: u32 = 256u;
// The code of 0 in the signed map.
const ZERO: u32 = 127u;

struct Moments { mean: vec4<f32>, square: vec4<f32> }

fn values_of(word: u32, map: u32) -> vec4<f32> {
  return vec4(
    maps[map + (word & 255u)], maps[map + ((word >> 8u) & 255u)], maps[map + ((word >> 16u) & 255u)], maps[map + (word >> 24u)],
  );
}

fn stepped(vector: u32, at: u32, mean_largest: f32, square_largest: f32) -> Moments {
  let gradient = g[vector] * metrics.clip_factor;
  return Moments(
    state.beta1 * mean_largest * values_of(states[at], SIGNED) + state.rest1 * gradient,
    state.beta2 * square_largest * values_of(states[at + WORDS], UNSIGNED) + state.rest2 * gradient * gradient,
  );
}

fn largest_of(x: vec4<f32>) -> f32 {
  return max(max(abs(x.x), abs(x.y)), max(abs(x.z), abs(x.w)));
}

// The index of the map's value nearest to x.
fn nearest(x: f32, map: u32) -> u32 {
  var low = 0u;
  for (var half = 128u; half > 0u; half >>= 1u) {
    if (maps[map + low + half] <= x) { low += half; }
  }
  let high = min(low + 1u, 255u);
  return select(low, high, x > (maps[map + low] + maps[map + high]) * 0.5);
}

fn mean_code(m: f32, largest: f32) -> u32 {
  let code = nearest(select(0.0, m / largest, largest > 0.0), SIGNED);
  return select(code, ZERO - 1u, code == ZERO && m < 0.0 && largest > 0.0);
}

fn square_code(v: f32, largest: f32) -> u32 {
  return nearest(select(0.0, v / largest, largest > 0.0), UNSIGNED);
}

fn kept(largest: f32) -> f32 {
  return select(0.0, largest, largest >= 1e-37);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let lane = local % LANES;
  let block = (group.y * groups.x + group.x) * ROWS_PER_GROUP + local / LANES;
  let known = min(block, p.blocks - 1u);
  let at = known * (2u * WORDS + 2u);
  let mean_before = bitcast<f32>(states[at + 2u * WORDS]);
  let square_before = bitcast<f32>(states[at + 2u * WORDS + 1u]);
  var mean_largest = 0.0;
  var square_largest = 0.0;
  for (var i = lane; i < WORDS; i += LANES) {
    let moments = stepped(known * WORDS + i, at + i, mean_before, square_before);
    mean_largest = max(mean_largest, largest_of(moments.mean));
    square_largest = max(square_largest, largest_of(moments.square));
  }
  mean_largest = kept(row_max(mean_largest, lane));
  square_largest = kept(row_max(square_largest, lane));
  if (block >= p.blocks || metrics.finite == 0.0) { return; }
  for (var i = lane; i < WORDS; i += LANES) {
    let vector = block * WORDS + i;
    let moments = stepped(vector, at + i, mean_before, square_before);
    let rate = rates[vector / 16u];
    let eta = state.learning_rate * rate.x;
    let decayed = w[vector] * (1.0 - eta * state.weight_decay * rate.y);
    w[vector] = decayed - (eta / state.correction1) * moments.mean / (sqrt(moments.square) / state.correction2 + state.epsilon);
    var means = 0u;
    var squares = 0u;
    for (var j = 0u; j < 4u; j++) {
      means |= mean_code(moments.mean[j], mean_largest) << (8u * j);
      squares |= square_code(moments.square[j], square_largest) << (8u * j);
    }
    states[at + i] = means;
    states[at + WORDS + i] = squares;
  }
  if (lane == 0u) {
    states[at + 2u * WORDS] = bitcast<u32>(mean_largest);
    states[at + 2u * WORDS + 1u] = bitcast<u32>(square_largest);
  }
}
