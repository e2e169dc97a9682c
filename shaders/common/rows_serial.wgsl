// One thread sums over a whole row. 64 rows per workgroup.

const LANES: u32 = 1u;
const ROWS_PER_GROUP: u32 = 64u;

fn row_sum(value: f32, lane: u32) -> f32 {
  return value;
}

fn row_max(value: f32, lane: u32) -> f32 {
  return value;
}
