// Factors of a product as halves, in blocks of eight neighbours. A block of the left factor is divided by the largest power of two
// that its numbers reach, so that they are below 2 and none overflows; the power comes back with the sum of the block's products.
// Weights are multiplied by 16, so that those below 6e-5 keep their bits too. Eight products then add up to at most
// 8 · 2 · 16 · 255 = 65,280, which a half can hold.

const WEIGHT_SCALE: f32 = 16.0;
const LARGEST_WEIGHT: f32 = 255.0;

struct Block {
  halves: vec4<u32>,
  scale: f32,  // of the sum of the block's products
}

// Numbers of 2^127 and more, infinity and NaN have the scale infinity, so that the result is not finite either.
fn left_block(near: vec4<f32>, far: vec4<f32>) -> Block {
  let bits = max(bitcast<vec4<u32>>(near) & vec4<u32>(0x7fffffffu), bitcast<vec4<u32>>(far) & vec4<u32>(0x7fffffffu));
  let power = max(max(bits.x, bits.y), max(bits.z, bits.w)) & 0x7f800000u;
  let shrink = bitcast<f32>(0x7f000000u - min(power, 0x7e800000u));
  let scale = bitcast<f32>(select(power, 0x7f800000u, power >= 0x7f000000u)) / WEIGHT_SCALE;
  return Block(vec4<u32>(packed4(near * shrink), packed4(far * shrink)), scale);
}

// A larger weight makes its block NaN, so that it is noticed.
fn weight_halves(w: array<vec4<f32>, 2>) -> vec4<u32> {
  let largest = max(abs(w[0]), abs(w[1]));
  if (max(max(largest.x, largest.y), max(largest.z, largest.w)) > LARGEST_WEIGHT) { return vec4<u32>(0x7e007e00u); }
  return vec4<u32>(packed4(w[0] * WEIGHT_SCALE), packed4(w[1] * WEIGHT_SCALE));
}

// near · a + far · b
fn eight_products(near: vec4<Factor>, far: vec4<Factor>, a: mat4x4<Factor>, b: mat4x4<Factor>) -> vec4<f32> {
  var sum = near.x * a[0];
  sum = fma(vec4<Factor>(near.y), a[1], sum);
  sum = fma(vec4<Factor>(near.z), a[2], sum);
  sum = fma(vec4<Factor>(near.w), a[3], sum);
  sum = fma(vec4<Factor>(far.x), b[0], sum);
  sum = fma(vec4<Factor>(far.y), b[1], sum);
  sum = fma(vec4<Factor>(far.z), b[2], sum);
  sum = fma(vec4<Factor>(far.w), b[3], sum);
  return vec4<f32>(sum);
}
