// Factors of common/halves that are widened to f32 before they are multiplied, for adapters that compute in f16 slowly. Products of
// two halves are exact in f32.

alias Factor = f32;

// pack2x16float may round a number between two halves to either, so numbers are rounded to the nearest half (ties to even) first.
fn packed4(v: vec4<f32>) -> vec2<u32> {
  let bits = bitcast<vec4<u32>>(v);
  let nearest = bitcast<vec4<f32>>((bits + 0xfffu + ((bits >> vec4<u32>(13u)) & vec4<u32>(1u))) & vec4<u32>(0xffffe000u));
  return vec2<u32>(pack2x16float(nearest.xy), pack2x16float(nearest.zw));
}

fn factors4(halves: vec2<u32>) -> vec4<Factor> {
  return vec4<f32>(unpack2x16float(halves.x), unpack2x16float(halves.y));
}
