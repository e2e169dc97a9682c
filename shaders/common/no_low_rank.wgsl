// For products without a low-rank update (common/low_rank).

const LOW_RANK: bool = false;

fn left4(row: u32, col: u32) -> vec4<f32> {
  return vec4<f32>(0.0);
}

fn right4(row: u32, col: u32, rows: u32, cols: u32) -> vec4<f32> {
  return vec4<f32>(0.0);
}
