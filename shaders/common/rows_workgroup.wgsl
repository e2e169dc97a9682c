// 64 threads share a row and add up in a fixed tree, so that the same input gives the same bits. One row per workgroup.

const LANES: u32 = 64u;
const ROWS_PER_GROUP: u32 = 1u;

var<workgroup> row_scratch: array<f32, 64>;

fn row_sum(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  row_scratch[lane] = value;
  for (var width = 32u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      row_scratch[lane] += row_scratch[lane + width];
    }
  }
  workgroupBarrier();
  return row_scratch[0];
}

fn row_max(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  row_scratch[lane] = value;
  for (var width = 32u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      row_scratch[lane] = max(row_scratch[lane], row_scratch[lane + width]);
    }
  }
  workgroupBarrier();
  return row_scratch[0];
}
