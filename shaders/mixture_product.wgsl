// y[row, c] (+)= scale · Σ_k x[row, k] · w_e[c, k] for rows sorted by expert, with e the expert of the row's tile.
//   tiles: u32 [tiles, 3] (mixture_order), x: f32 [rows, K], weights: the experts' matrices [n, K], y: f32 [rows, n]; any n and K
// One thread: the rows of a tile × 4 columns.

@group(0) @binding(1) var<storage, read_write> tiles: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<Word>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn x4(row: u32, k: u32) -> vec4<f32> {
  let at = row * W_COLS + k;
  if (COLS_MOD_8 % 4u == 0u || k + 4u <= W_COLS) { return vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u]); }
  var tail = vec4<f32>(x[at], 0.0, 0.0, 0.0);
  if (k + 1u < W_COLS) { tail.y = x[at + 1u]; }
  if (k + 2u < W_COLS) { tail.z = x[at + 2u]; }
  return tail;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = id.x * 4u;
  if (c >= p.n || id.y >= p.tiles) { return; }
  if (!at_expert(tiles[3u * id.y])) { return; }
  let begin = tiles[3u * id.y + 1u];
  let end = tiles[3u * id.y + 2u];
  let last = p.n - 1u;
  var sums = array<vec4<f32>, TILE>();
  for (var k = 0u; k < W_COLS; k += 4u) {
    let w = mat4x4<f32>(
      weight4(W_FIRST + c, k), weight4(W_FIRST + min(c + 1u, last), k), weight4(W_FIRST + min(c + 2u, last), k), weight4(W_FIRST + min(c + 3u, last), k),
    );
    // unroll
    for (var i = 0u; i < TILE; i++) {
      sums[i] += x4(min(begin + i, end - 1u), k) * w;
    }
  }
  // unroll
  for (var i = 0u; i < TILE; i++) {
    if (begin + i < end) {
      let at = (begin + i) * p.n + c;
      for (var j = 0u; j < min(4u, p.n - c); j++) {
        y[at + j] = sums[i][j] * p.scale + select(0.0, y[at + j], p.accumulate == 1u);
      }
    }
  }
}
