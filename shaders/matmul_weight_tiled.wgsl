// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight, tiled for GPUs.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// One workgroup: TY·ROWS × 8·COLS weights of one split, 16 rows of dy and x at a time in workgroup memory, while the next ones
// are loaded into registers. One of its 8 × TY threads: ROWS = 4·ROW_VECTORS rows × VECTORS vectors, COLS = 4·VECTORS.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

// Vectors of a row of the tiles.
const HEIGHT: u32 = TY * ROW_VECTORS;
const WIDTH: u32 = 8u * VECTORS;

var<workgroup> dy_tile: array<vec4<f32>, 16u * HEIGHT>;
var<workgroup> x_tile: array<vec4<f32>, 16u * WIDTH>;

// Beyond the last column, that column is read again, and `store` leaves it out. Beyond the last row there are zeros.
fn fetch_dy(m: u32, n: u32, end: u32, i: u32) -> vec4<f32> {
  let row = m + i / HEIGHT;
  if (row >= end) { return vec4<f32>(0.0); }
  return dy[row * (p.stride / 4u) + min(n + i % HEIGHT, p.n / 4u - 1u)];
}

fn fetch_x(m: u32, k: u32, end: u32, i: u32) -> vec4<f32> {
  let row = m + i / WIDTH;
  if (row >= end) { return vec4<f32>(0.0); }
  return x[row * (p.k / 4u) + min(k + i % WIDTH, p.k / 4u - 1u)];
}

fn store(split: u32, n: u32, k: u32, value: vec4<f32>) {
  if (n >= p.n || k >= p.k) { return; }
  let at = ((split * p.n + n) * p.k + k) / 4u;
  if (p.accumulate == 1u) { out[at] += value * p.scale; } else { out[at] = value * p.scale; }
}

@compute @workgroup_size(8, TY)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let k0 = group.x * WIDTH;
  let n0 = group.y * HEIGHT;
  let tx = local % 8u;
  let ty = local / 8u;
  let start = group.z * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  var next_dy = array<vec4<f32>, DY_LOADS>();
  var next_x = array<vec4<f32>, X_LOADS>();
  var sum = array<vec4<f32>, ROWS * VECTORS>();
  // unroll
  for (var i = 0u; i < DY_LOADS; i++) { next_dy[i] = fetch_dy(start, n0, end, local + i * 8u * TY); }
  // unroll
  for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(start, k0, end, local + i * 8u * TY); }
  for (var m = start; m < end; m += 16u) {
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < DY_LOADS; i++) { dy_tile[local + i * 8u * TY] = next_dy[i]; }
    // unroll
    for (var i = 0u; i < X_LOADS; i++) { x_tile[local + i * 8u * TY] = next_x[i]; }
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < DY_LOADS; i++) { next_dy[i] = fetch_dy(m + 16u, n0, end, local + i * 8u * TY); }
    // unroll
    for (var i = 0u; i < X_LOADS; i++) { next_x[i] = fetch_x(m + 16u, k0, end, local + i * 8u * TY); }
    for (var row = 0u; row < 16u; row++) {
      var part = array<vec4<f32>, VECTORS>();
      // unroll
      for (var v = 0u; v < VECTORS; v++) { part[v] = x_tile[row * WIDTH + tx + 8u * v]; }
      // unroll
      for (var a = 0u; a < ROW_VECTORS; a++) {
        let d = dy_tile[row * HEIGHT + ty + TY * a];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          // unroll
          for (var i = 0u; i < 4u; i++) {
            sum[(4u * a + i) * VECTORS + v] = fma(vec4<f32>(d[i]), part[v], sum[(4u * a + i) * VECTORS + v]);
          }
        }
      }
    }
  }
  // unroll
  for (var a = 0u; a < ROW_VECTORS; a++) {
    // unroll
    for (var i = 0u; i < 4u; i++) {
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        store(group.z, 4u * (n0 + ty + TY * a) + i, 4u * (k0 + tx + 8u * v), sum[(4u * a + i) * VECTORS + v]);
      }
    }
  }
}
