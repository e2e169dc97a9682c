// matmul_matrix for dx = dy W: sums run along the columns of the matrix. Outputs of a thread are a vector, as in common/matmul_input_tiles.
//   weights: packed [N, K] (one part of the matrix), dx: f32 [M, K]; K a multiple of 8, first and stride of 4

@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

const B_STRIDE: u32 = TILE_N + PAD;
var<workgroup> b_tile: array<Factor, TURN * B_STRIDE>;

fn inner() -> u32 {
  return p.w_rows;
}

// The vectors of a row of dy, and the first one of the sum.
fn left_row() -> vec2<u32> {
  return vec2<u32>(p.stride, p.first) / 4u;
}

// Beyond the ends, the last weights are read again: the left factor is 0 in these rows, and `store` leaves out the columns.
fn fetch_b(n0: u32, k: u32, piece: u32) -> array<vec4<f32>, 2> {
  return weight8(min(k + piece / (TILE_N / 8u), W_ROWS - 1u), min(n0 + piece % (TILE_N / 8u) * 8u, W_COLS - 8u));
}

fn b_place(piece: u32) -> u32 {
  return piece / (TILE_N / 8u) * B_STRIDE + piece % (TILE_N / 8u) * 8u;
}

fn load_b(k: u32, n: u32) -> subgroup_matrix_right<Factor, MAT_N, MAT_K> {
  return subgroupMatrixLoad<subgroup_matrix_right<Factor, MAT_N, MAT_K>, row_major>(&b_tile, k * B_STRIDE + n, B_STRIDE);
}

fn column(v: u32) -> u32 {
  return v * 4u;
}

fn four_sums(line: u32, v: u32) -> vec4<f32> {
  let at = line + v * 4u;
  return vec4<f32>(sum_tile[at], sum_tile[at + 1u], sum_tile[at + 2u], sum_tile[at + 3u]);
}

fn right_block(n: u32, c: u32) -> mat4x4<f32> {
  let rank = p.extra;
  return mat4x4<f32>(right4(c, n, rank, W_COLS), right4(c + 1u, n, rank, W_COLS), right4(c + 2u, n, rank, W_COLS), right4(c + 3u, n, rank, W_COLS));
}
