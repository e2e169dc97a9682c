// The code book of NF4 (Dettmers 2023, appendix E; the float32 constants of bitsandbytes).

// The values of the low nibbles of a word's four bytes, by a tree of selections, without an array that is indexed at run time.
fn nf4_values(word: u32) -> vec4<f32> {
  let one = (vec4<u32>(word) & vec4<u32>(0x1u, 0x100u, 0x10000u, 0x1000000u)) != vec4<u32>(0u);
  let two = (vec4<u32>(word) & vec4<u32>(0x2u, 0x200u, 0x20000u, 0x2000000u)) != vec4<u32>(0u);
  let four = (vec4<u32>(word) & vec4<u32>(0x4u, 0x400u, 0x40000u, 0x4000000u)) != vec4<u32>(0u);
  let eight = (vec4<u32>(word) & vec4<u32>(0x8u, 0x800u, 0x80000u, 0x8000000u)) != vec4<u32>(0u);
  let v0 = select(vec4<f32>(-1.0), vec4<f32>(-0.6961928009986877), one);
  let v1 = select(vec4<f32>(-0.5250730514526367), vec4<f32>(-0.39491748809814453), one);
  let v2 = select(vec4<f32>(-0.28444138169288635), vec4<f32>(-0.18477343022823334), one);
  let v3 = select(vec4<f32>(-0.09105003625154495), vec4<f32>(0.0), one);
  let v4 = select(vec4<f32>(0.07958029955625534), vec4<f32>(0.16093020141124725), one);
  let v5 = select(vec4<f32>(0.24611230194568634), vec4<f32>(0.33791524171829224), one);
  let v6 = select(vec4<f32>(0.44070982933044434), vec4<f32>(0.5626170039176941), one);
  let v7 = select(vec4<f32>(0.7229568362236023), vec4<f32>(1.0), one);
  let low = select(select(v0, v1, two), select(v2, v3, two), four);
  let high = select(select(v4, v5, two), select(v6, v7, two), four);
  return select(low, high, eight);
}
