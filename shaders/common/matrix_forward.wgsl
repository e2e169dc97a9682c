// matmul_matrix for y = x Wᵀ: sums run along the rows of the matrix. Outputs of a thread lie 8 apart, as in common/matmul_tiles.
//   weights: packed [N, K] (one part of the matrix), y: f32 [M, stride]; K a multiple of 16

@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

const B_STRIDE: u32 = TURN + PAD;
var<workgroup> b_tile: array<Factor, TILE_N * B_STRIDE>;

fn inner() -> u32 {
  return p.w_cols;
}

// The vectors of a row of x, and the first one of the sum.
fn left_row() -> vec2<u32> {
  return vec2<u32>(W_COLS / 4u, 0u);
}

// Beyond the ends, the last weights are read again: `store` leaves out the rows, and the left factor is 0 in the columns.
fn fetch_b(n0: u32, k: u32, piece: u32) -> array<vec4<f32>, 2> {
  return weight8(min(n0 + piece / (TURN / 8u), W_ROWS - 1u), min(k + piece % (TURN / 8u) * 8u, W_COLS - 8u));
}

fn b_place(piece: u32) -> u32 {
  return piece / (TURN / 8u) * B_STRIDE + piece % (TURN / 8u) * 8u;
}

fn load_b(k: u32, n: u32) -> subgroup_matrix_right<Factor, MAT_N, MAT_K> {
  return subgroupMatrixLoad<subgroup_matrix_right<Factor, MAT_N, MAT_K>, col_major>(&b_tile, n * B_STRIDE + k, B_STRIDE);
}

fn column(v: u32) -> u32 {
  return v;
}

fn four_sums(line: u32, v: u32) -> vec4<f32> {
  let at = line + v;
  return vec4<f32>(sum_tile[at], sum_tile[at + 8u], sum_tile[at + 16u], sum_tile[at + 24u]);
}

fn right_block(n: u32, c: u32) -> mat4x4<f32> {
  let rank = p.extra;
  return transpose(mat4x4<f32>(right4(n, c, W_ROWS, rank), right4(n + 8u, c, W_ROWS, rank), right4(n + 16u, c, W_ROWS, rank), right4(n + 24u, c, W_ROWS, rank)));
}
