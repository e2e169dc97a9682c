// visible.wgsl and soft_cap.wgsl for four keys, or four queries, at once.

fn visible_keys(j: vec4<u32>, range: vec2<u32>, window: u32) -> vec4<bool> {
  return (j >= vec4<u32>(range.x)) & (j < vec4<u32>(range.y)) & (vec4<u32>(range.y) - j <= vec4<u32>(window));
}

fn visible_from(j: u32, range_start: vec4<u32>, range_end: vec4<u32>, window: u32) -> vec4<bool> {
  return (vec4<u32>(j) >= range_start) & (vec4<u32>(j) < range_end) & (range_end - vec4<u32>(j) <= vec4<u32>(window));
}

fn capped(score: vec4<f32>) -> vec4<f32> {
  if (CAP == 0.0) { return score; }
  return vec4<f32>(soft_cap(score.x, CAP), soft_cap(score.y, CAP), soft_cap(score.z, CAP), soft_cap(score.w, CAP));
}

fn capped_slope(capped: vec4<f32>) -> vec4<f32> {
  if (CAP == 0.0) { return vec4<f32>(1.0); }
  return 1.0 - (capped / CAP) * (capped / CAP);
}
