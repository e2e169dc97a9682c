// A low-rank update (LoRA's) that a product adds to its own sum: left [M, p.extra] times right, f32, row by row.
// p.extra is a multiple of 4. Beyond the ends, the last row or column is read again.

const LOW_RANK: bool = true;

@group(0) @binding(4) var<storage, read_write> left: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> right: array<vec4<f32>>;

fn left4(row: u32, col: u32) -> vec4<f32> {
  return left[(min(row, p.rows - 1u) * p.extra + col) / 4u] * p.extra_scale;
}

fn right4(row: u32, col: u32, rows: u32, cols: u32) -> vec4<f32> {
  return right[(min(row, rows - 1u) * cols + min(col, cols - 4u)) / 4u];
}
