// dx[row, k] (+)= scale · Σ_c dy[row, c] · w_e[c, k]: the gradient of the input of mixture_product.
//   tiles: u32 [tiles, 3], dy: f32 [rows, n], weights: the experts' matrices [n, K], dx: f32 [rows, K]; any n and K
// One thread: the rows of a tile × 4 columns.

@group(0) @binding(1) var<storage, read_write> tiles: array<u32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<Word>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let k = id.x * 4u;
  if (k >= p.w_cols || id.y >= p.tiles) { return; }
  if (!at_expert(tiles[3u * id.y])) { return; }
  let begin = tiles[3u * id.y + 1u];
  let end = tiles[3u * id.y + 2u];
  var sums = array<vec4<f32>, TILE>();
  for (var c = 0u; c < p.n; c++) {
    let w = weight4(W_FIRST + c, k);
    // unroll
    for (var i = 0u; i < TILE; i++) {
      sums[i] += dy[min(begin + i, end - 1u) * p.n + c] * w;
    }
  }
  // unroll
  for (var i = 0u; i < TILE; i++) {
    if (begin + i < end) {
      let at = (begin + i) * W_COLS + k;
      for (var j = 0u; j < min(4u, W_COLS - k); j++) {
        dx[at + j] = sums[i][j] * p.scale + select(0.0, dx[at + j], p.accumulate == 1u);
      }
    }
  }
}
