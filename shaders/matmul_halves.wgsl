// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k] as matmul_tiled, with factors staged as halves (common/halves).
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 16
// One workgroup: TY·ROWS × 8·COLS of y over one split of k, 16 columns of x and w (two blocks of eight) at a time in workgroup
// memory, while the next ones are loaded into registers. One of its 8 × TY threads: ROWS × COLS outputs, COLS = 4·VECTORS. Rows of
// the tiles are padded to 3 blocks, so that 8 neighbouring rows lie in different banks. With several splits, y is
// [splits, M, stride]. A low-rank update in f32 may follow after k: scale · extra_scale · left [M, r] · right [N, r]ᵀ.

const STRIDE: u32 = 3u;

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> x_tile: array<vec4<u32>, TY * ROWS * STRIDE>;
var<workgroup> x_scale: array<f32, TY * ROWS * 2u>;
var<workgroup> w_tile: array<vec4<u32>, 8u * COLS * STRIDE>;

// Beyond the last row, the last row is read again, and `store` ignores it.
fn fetch_x(m: u32, k: u32, local: u32) -> array<vec4<f32>, 2> {
  let at = min(m + local / 2u, p.rows - 1u) * (W_COLS / 4u) + k / 4u + (local % 2u) * 2u;
  return array<vec4<f32>, 2>(x[at], x[at + 1u]);
}

@compute @workgroup_size(8, TY)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  prepare_reader(local);
  workgroupBarrier();
  let n0 = group.x * 8u * COLS;
  let m0 = group.y * TY * ROWS;
  let tx = local % 8u;
  let ty = local / 8u;
  let start = group.z * p.split;
  let end = min(start + p.split, p.w_cols);
  var next_x = array<array<vec4<f32>, 2>, X_LOADS>();
  var next_w = array<array<vec4<f32>, 2>, W_LOADS>();
  var sum = array<vec4<f32>, ROWS * VECTORS>();
  // unroll
  for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(m0 + i * 4u * TY, start, local); }
  // unroll
  for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(n0 + i * 4u * TY, start, local); }
  for (var k = start; k < end; k += 16u) {
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < X_LOADS; i++) {
      let row = local / 2u + i * 4u * TY;
      let block = left_block(next_x[i][0], next_x[i][1]);
      x_tile[row * STRIDE + local % 2u] = block.halves;
      x_scale[row * 2u + local % 2u] = block.scale;
    }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) {
      w_tile[(local / 2u + i * 4u * TY) * STRIDE + local % 2u] = weight_halves(next_w[i]);
    }
    workgroupBarrier();
    let next = min(k + 16u, end - 16u);
    // unroll
    for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(m0 + i * 4u * TY, next, local); }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(n0 + i * 4u * TY, next, local); }
    // unroll
    for (var b = 0u; b < 2u; b++) {
      var near: array<mat4x4<Factor>, VECTORS>;
      var far: array<mat4x4<Factor>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let at = (tx + 32u * v) * STRIDE + b;
        let w0 = w_tile[at];
        let w1 = w_tile[at + 8u * STRIDE];
        let w2 = w_tile[at + 16u * STRIDE];
        let w3 = w_tile[at + 24u * STRIDE];
        near[v] = transpose(mat4x4<Factor>(factors4(w0.xy), factors4(w1.xy), factors4(w2.xy), factors4(w3.xy)));
        far[v] = transpose(mat4x4<Factor>(factors4(w0.zw), factors4(w1.zw), factors4(w2.zw), factors4(w3.zw)));
      }
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        let row = ty + TY * r;
        let halves = x_tile[row * STRIDE + b];
        let scale = vec4<f32>(x_scale[row * 2u + b]);
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          let products = eight_products(factors4(halves.xy), factors4(halves.zw), near[v], far[v]);
          sum[r * VECTORS + v] = fma(products, scale, sum[r * VECTORS + v]);
        }
      }
    }
  }
  // The last split also adds the update, which is short and is read from storage.
  if (LOW_RANK && end == p.w_cols) {
    for (var c = 0u; c < p.extra; c += 4u) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let n = n0 + tx + 32u * v;
        w[v] = transpose(mat4x4<f32>(
          right4(n, c, W_ROWS, p.extra), right4(n + 8u, c, W_ROWS, p.extra), right4(n + 16u, c, W_ROWS, p.extra), right4(n + 24u, c, W_ROWS, p.extra),
        ));
      }
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        let row = left4(m0 + ty + TY * r, c);
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] = add_product(row, w[v], sum[r * VECTORS + v]);
        }
      }
    }
  }
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    // unroll
    for (var v = 0u; v < VECTORS; v++) {
      store(group.z, m0 + ty + TY * r, n0 + tx + 32u * v, sum[r * VECTORS + v]);
    }
  }
}
