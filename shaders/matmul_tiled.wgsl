// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k], tiled for GPUs: weights are unpacked once per tile.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride], K a multiple of 16
// One workgroup: TY·ROWS × 8·COLS of y over one split of k, 16 columns of x and w at a time in workgroup memory, while the next
// ones are loaded into registers. One of its 8 × TY threads: ROWS × COLS outputs, COLS = 4·VECTORS. Rows of the tiles are padded
// to 5 vectors, so that 8 neighbouring rows lie in different banks. With several splits, y is [splits, M, stride]. A low-rank
// update may follow after k: scale · extra_scale · left [M, r] · right [N, r]ᵀ.

const STRIDE: u32 = 5u;

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> x_tile: array<vec4<f32>, TY * ROWS * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 8u * COLS * STRIDE>;

// Beyond the last row, the last row is read again, and `store` ignores it.
fn fetch_x(m: u32, k: u32, local: u32) -> vec4<f32> {
  return x[min(m + local / 4u, p.rows - 1u) * (W_COLS / 4u) + k / 4u + local % 4u];
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
  var next_x = array<vec4<f32>, X_LOADS>();
  var next_w = array<array<vec4<f32>, 2>, W_LOADS>();
  var sum = array<vec4<f32>, ROWS * VECTORS>();
  // unroll
  for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(m0 + i * 2u * TY, start, local); }
  // unroll
  for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(n0 + i * 4u * TY, start, local); }
  for (var k = start; k < end; k += 16u) {
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < X_LOADS; i++) {
      x_tile[(local / 4u + i * 2u * TY) * STRIDE + local % 4u] = next_x[i];
    }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) {
      let at = (local / 2u + i * 4u * TY) * STRIDE + (local % 2u) * 2u;
      w_tile[at] = next_w[i][0];
      w_tile[at + 1u] = next_w[i][1];
    }
    workgroupBarrier();
    let next = min(k + 16u, end - 16u);
    // unroll
    for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(m0 + i * 2u * TY, next, local); }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(n0 + i * 4u * TY, next, local); }
    // unroll
    for (var q = 0u; q < 4u; q++) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let at = (tx + 32u * v) * STRIDE + q;
        w[v] = transpose(mat4x4<f32>(w_tile[at], w_tile[at + 8u * STRIDE], w_tile[at + 16u * STRIDE], w_tile[at + 24u * STRIDE]));
      }
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        let row = x_tile[(ty + TY * r) * STRIDE + q];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] = add_product(row, w[v], sum[r * VECTORS + v]);
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
