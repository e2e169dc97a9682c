// Tiles in workgroup memory for the tiled attention kernels. 64 threads, 8 × 8 (tx = local % 8, ty = local / 8), multiply
// 8·SIDE rows with 32 others: a thread has the rows ty + 8r (r < SIDE) and, of the others, 4tx … 4tx + 3.
// Heads are processed in chunks of 8 vectors. A row of a tile is a chunk padded to 9 vectors, so that 8 neighbouring rows lie in
// different banks. The 32 others are interleaved (number n at place n % 4 · 8 + n / 4), so that a thread's four are 8 places apart.

const STRIDE: u32 = 9u;
const TILE: u32 = 32u * STRIDE;
/// Vectors of a chunk that are not padding.
const SPAN: u32 = min(8u, D4);
/// The score of a hidden key: e^(HIDDEN − anything) is 0. Every real score is higher than LOWEST.
const HIDDEN: f32 = -3e38;
const LOWEST: f32 = -1e38;

/// Two tiles: the rows and the 32 others, or two chunks of the 32 others.
var<workgroup> tiles: array<vec4<f32>, 2u * TILE>;
/// The weights of the 32 others in each row.
var<workgroup> weights: array<vec4<f32>, 8u * SIDE * STRIDE>;
/// One number for each of a thread's rows; the 8 threads that share rows are neighbours.
var<workgroup> lane_rows: array<vec4<f32>, 64>;

fn inside(column: u32) -> bool {
  return D4 % 8u == 0u || column < D4;
}

/// Adds the chunk's share of rows · othersᵀ.
fn add_scores(before: array<vec4<f32>, SIDE>, local: u32) -> array<vec4<f32>, SIDE> {
  let tx = local % 8u;
  let ty = local % 64u / 8u;
  var sum = before;
  for (var d = 0u; d < SPAN; d++) {
    let at = TILE + tx * STRIDE + d;
    let others = transpose(mat4x4<f32>(tiles[at], tiles[at + 8u * STRIDE], tiles[at + 16u * STRIDE], tiles[at + 24u * STRIDE]));
    // unroll
    for (var r = 0u; r < SIDE; r++) {
      sum[r] = add_product(tiles[(ty + 8u * r) * STRIDE + d], others, sum[r]);
    }
  }
  return sum;
}

/// Adds weights · others for the vectors tx of PAIR chunks: [r · PAIR + c].
fn add_weighted(before: array<vec4<f32>, SIDE * PAIR>, local: u32) -> array<vec4<f32>, SIDE * PAIR> {
  let tx = local % 8u;
  let ty = local % 64u / 8u;
  var sum = before;
  for (var j = 0u; j < 8u; j++) {
    var weight = array<vec4<f32>, SIDE>();
    // unroll
    for (var r = 0u; r < SIDE; r++) {
      weight[r] = weights[(ty + 8u * r) * STRIDE + j];
    }
    // unroll
    for (var c = 0u; c < PAIR; c++) {
      let at = c * TILE + j * STRIDE + tx;
      let others = mat4x4<f32>(tiles[at], tiles[at + 8u * STRIDE], tiles[at + 16u * STRIDE], tiles[at + 24u * STRIDE]);
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        sum[r * PAIR + c] = add_product(weight[r], others, sum[r * PAIR + c]);
      }
    }
  }
  return sum;
}
