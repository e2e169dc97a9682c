// The values of four codes by a tree of selections, without an array that is indexed at run time.

// The values of the low nibbles of a word's four bytes in the code book CODE.
fn code_values(word: u32) -> vec4<f32> {
  let one = (vec4<u32>(word) & vec4<u32>(0x1u, 0x100u, 0x10000u, 0x1000000u)) != vec4<u32>(0u);
  let two = (vec4<u32>(word) & vec4<u32>(0x2u, 0x200u, 0x20000u, 0x2000000u)) != vec4<u32>(0u);
  let four = (vec4<u32>(word) & vec4<u32>(0x4u, 0x400u, 0x40000u, 0x4000000u)) != vec4<u32>(0u);
  let eight = (vec4<u32>(word) & vec4<u32>(0x8u, 0x800u, 0x80000u, 0x8000000u)) != vec4<u32>(0u);
  let v0 = select(vec4<f32>(CODE[0]), vec4<f32>(CODE[1]), one);
  let v1 = select(vec4<f32>(CODE[2]), vec4<f32>(CODE[3]), one);
  let v2 = select(vec4<f32>(CODE[4]), vec4<f32>(CODE[5]), one);
  let v3 = select(vec4<f32>(CODE[6]), vec4<f32>(CODE[7]), one);
  let v4 = select(vec4<f32>(CODE[8]), vec4<f32>(CODE[9]), one);
  let v5 = select(vec4<f32>(CODE[10]), vec4<f32>(CODE[11]), one);
  let v6 = select(vec4<f32>(CODE[12]), vec4<f32>(CODE[13]), one);
  let v7 = select(vec4<f32>(CODE[14]), vec4<f32>(CODE[15]), one);
  let low = select(select(v0, v1, two), select(v2, v3, two), four);
  let high = select(select(v4, v5, two), select(v6, v7, two), four);
  return select(low, high, eight);
}
