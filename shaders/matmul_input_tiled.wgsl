// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k], tiled for GPUs: weights are unpacked once per tile and not transposed.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K a multiple of 8, first and stride of 4
// One workgroup: TY·ROWS × 8·COLS of dx over one split of n, 16 rows of w at a time in workgroup memory, while the next ones are
// loaded into registers. One of its 8 × TY threads: ROWS rows × VECTORS vectors, COLS = 4·VECTORS. Rows of dy's tile are padded
// to 5 vectors, so that 8 neighbouring rows lie in different banks. With several splits, dx is [splits, M, K]. A low-rank update
// may follow after n: scale · extra_scale · left [M, r] · right [r, K].

const STRIDE: u32 = 5u;

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

var<workgroup> dy_tile: array<vec4<f32>, TY * ROWS * STRIDE>;
var<workgroup> w_tile: array<vec4<f32>, 16u * 8u * VECTORS>;

// Beyond the last row, that row is read again, and `store` leaves it out. Beyond the last column there are zeros, so that any
// finite weight read there adds nothing.
fn fetch_dy(m: u32, n: u32, end: u32, local: u32) -> vec4<f32> {
  let column = n + (local % 4u) * 4u;
  let d = dy[min(m + local / 4u, p.rows - 1u) * (p.stride / 4u) + (p.first + column) / 4u];
  return select(vec4<f32>(0.0), d, column < end);
}

@compute @workgroup_size(8, TY)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  prepare_reader(local);
  workgroupBarrier();
  let k0 = group.x * 8u * COLS;
  let m0 = group.y * TY * ROWS;
  let tx = local % 8u;
  let ty = local / 8u;
  let start = group.z * p.split;
  let end = min(start + p.split, p.w_rows);
  var next_dy = array<vec4<f32>, X_LOADS>();
  var next_w = array<array<vec4<f32>, 2>, W_LOADS>();
  var sum = array<vec4<f32>, ROWS * VECTORS>();
  // unroll
  for (var i = 0u; i < X_LOADS; i++) { next_dy[i] = fetch_dy(m0 + i * 2u * TY, start, end, local); }
  // unroll
  for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(start, k0, local + i * 8u * TY); }
  for (var n = start; n < end; n += 16u) {
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < X_LOADS; i++) {
      dy_tile[(local / 4u + i * 2u * TY) * STRIDE + local % 4u] = next_dy[i];
    }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) {
      w_tile[(local + i * 8u * TY) * 2u] = next_w[i][0];
      w_tile[(local + i * 8u * TY) * 2u + 1u] = next_w[i][1];
    }
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < X_LOADS; i++) { next_dy[i] = fetch_dy(m0 + i * 2u * TY, n + 16u, end, local); }
    // unroll
    for (var i = 0u; i < W_LOADS; i++) { next_w[i] = fetch_w(n + 16u, k0, local + i * 8u * TY); }
    // unroll
    for (var q = 0u; q < 4u; q++) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let at = q * 32u * VECTORS + tx + 8u * v;
        w[v] = mat4x4<f32>(w_tile[at], w_tile[at + 8u * VECTORS], w_tile[at + 16u * VECTORS], w_tile[at + 24u * VECTORS]);
      }
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        let d = dy_tile[(ty + TY * r) * STRIDE + q];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] = add_product(d, w[v], sum[r * VECTORS + v]);
        }
      }
    }
  }
  // The last split also adds the update, which is short and is read from storage.
  if (LOW_RANK && end == p.w_rows) {
    for (var c = 0u; c < p.extra; c += 4u) {
      var w: array<mat4x4<f32>, VECTORS>;
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        let k = k0 + 32u * v + tx * 4u;
        w[v] = mat4x4<f32>(right4(c, k, p.extra, W_COLS), right4(c + 1u, k, p.extra, W_COLS), right4(c + 2u, k, p.extra, W_COLS), right4(c + 3u, k, p.extra, W_COLS));
      }
      // unroll
      for (var r = 0u; r < ROWS; r++) {
        let d = left4(m0 + ty + TY * r, c);
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          sum[r * VECTORS + v] = add_product(d, w[v], sum[r * VECTORS + v]);
        }
      }
    }
  }
  // unroll
  for (var r = 0u; r < ROWS; r++) {
    // unroll
    for (var v = 0u; v < VECTORS; v++) {
      store(group.z, m0 + ty + TY * r, k0 + 32u * v + tx * 4u, sum[r * VECTORS + v]);
    }
  }
}
