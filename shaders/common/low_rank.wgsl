// An update of low rank (LoRA's) that a product takes along behind its own sum: left [M, p.extra] times right, f32, row by row.
// p.extra is a multiple of 4; beyond the ends there are zeros.

const LOW_RANK: bool = true;

@group(0) @binding(4) var<storage, read_write> left: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> right: array<vec4<f32>>;

fn left4(row: u32, col: u32) -> vec4<f32> {
  if (col >= p.extra) { return vec4<f32>(0.0); }
  return left[(row * p.extra + col) / 4u] * p.extra_scale;
}

fn right4(row: u32, col: u32, rows: u32, cols: u32) -> vec4<f32> {
  if (row >= rows || col >= cols) { return vec4<f32>(0.0); }
  return right[(row * cols + col) / 4u];
}

fn right8(row: u32, col: u32, rows: u32, cols: u32) -> array<vec4<f32>, 2> {
  return array<vec4<f32>, 2>(right4(row, col, rows, cols), right4(row, col + 4u, rows, cols));
}
