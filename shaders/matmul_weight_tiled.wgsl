// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight, tiled for GPUs.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// One workgroup: 8·SIDE × 8·SIDE weights of one split, 16 rows of dy and x at a time in workgroup memory; one thread: SIDE
// rows × VECTORS vectors, SIDE = 4·VECTORS.

struct Params { rows: u32, stride: u32, n: u32, k: u32, split_rows: u32, scale: f32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

// Vectors of a row of the tiles.
const WIDTH: u32 = 8u * VECTORS;

var<workgroup> dy_tile: array<vec4<f32>, 16u * WIDTH>;
var<workgroup> x_tile: array<vec4<f32>, 16u * WIDTH>;

fn store(split: u32, n: u32, k: u32, value: vec4<f32>) {
  if (n >= p.n || k >= p.k) { return; }
  let at = ((split * p.n + n) * p.k + k) / 4u;
  if (p.accumulate == 1u) { out[at] += value * p.scale; } else { out[at] = value * p.scale; }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let k0 = group.x * WIDTH;
  let n0 = group.y * WIDTH;
  let tx = local % 8u;
  let ty = local / 8u;
  let start = group.z * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  var sum = array<vec4<f32>, SIDE * VECTORS>();
  for (var m = start; m < end; m += 16u) {
    workgroupBarrier();
    for (var i = local; i < 16u * WIDTH; i += 64u) {
      let row = m + i / WIDTH;
      let column = i % WIDTH;
      var d = vec4<f32>(0.0);
      var v = vec4<f32>(0.0);
      if (row < end) {
        d = dy[row * (p.stride / 4u) + min(n0 + column, p.n / 4u - 1u)];
        v = x[row * (p.k / 4u) + min(k0 + column, p.k / 4u - 1u)];
      }
      dy_tile[i] = d;
      x_tile[i] = v;
    }
    workgroupBarrier();
    for (var row = 0u; row < 16u; row++) {
      // unroll
      for (var a = 0u; a < VECTORS; a++) {
        let d = dy_tile[row * WIDTH + ty + 8u * a];
        // unroll
        for (var v = 0u; v < VECTORS; v++) {
          let part = x_tile[row * WIDTH + tx + 8u * v];
          // unroll
          for (var i = 0u; i < 4u; i++) {
            sum[(4u * a + i) * VECTORS + v] += d[i] * part;
          }
        }
      }
    }
  }
  // unroll
  for (var a = 0u; a < VECTORS; a++) {
    // unroll
    for (var i = 0u; i < 4u; i++) {
      // unroll
      for (var v = 0u; v < VECTORS; v++) {
        store(group.z, 4u * (n0 + ty + 8u * a) + i, 4u * (k0 + tx + 8u * v), sum[(4u * a + i) * VECTORS + v]);
      }
    }
  }
}
