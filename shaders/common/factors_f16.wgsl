// Factors of common/halves that are multiplied in f16, eight products at a time. Longer sums are f32.

enable f16;

alias Factor = f16;

fn packed4(v: vec4<f32>) -> vec2<u32> {
  return bitcast<vec2<u32>>(vec4<f16>(v));
}

fn factors4(halves: vec2<u32>) -> vec4<Factor> {
  return bitcast<vec4<f16>>(halves);
}
