enable subgroups;
diagnostic(off, subgroup_uniformity);
// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight, for adapters where a load costs more than
// a multiplication.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// A quad (four neighbouring lanes) makes 16·VECTORS × 16 weights of one split: each lane reads 4·VECTORS columns of dy and 4
// of x, and the lanes pass those of x round. ROWS = 4·VECTORS. No workgroup memory; four quads side by side a workgroup.

struct Params { rows: u32, stride: u32, n: u32, k: u32, split_rows: u32, scale: f32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

fn store(split: u32, n: u32, k: u32, value: vec4<f32>) {
  if (n >= p.n || k >= p.k) { return; }
  let at = ((split * p.n + n) * p.k + k) / 4u;
  if (p.accumulate == 1u) { out[at] += value * p.scale; } else { out[at] = value * p.scale; }
}

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % 4u;
  let k0 = group.x * 64u + thread / 4u * 16u;
  let n = (group.y * 4u + lane) * ROWS;
  if (k0 >= p.k) { return; }
  // Lanes beyond the last row or column read the last ones again; `store` leaves them out.
  let start = group.z * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  let x_row = p.k / 4u;
  let dy_row = p.stride / 4u;
  var x_at = start * x_row + min(k0 + lane * 4u, p.k - 4u) / 4u;
  var dy_at: array<u32, VECTORS>;
  // unroll
  for (var a = 0u; a < VECTORS; a++) {
    dy_at[a] = start * dy_row + min(n + 4u * a, p.n - 4u) / 4u;
  }
  var sum0 = array<vec4<f32>, ROWS>();
  var sum1 = array<vec4<f32>, ROWS>();
  var sum2 = array<vec4<f32>, ROWS>();
  var sum3 = array<vec4<f32>, ROWS>();
  for (var m = start; m < end; m++) {
    let v = x[x_at];
    let v1 = quadSwapX(v);
    let v2 = quadSwapY(v);
    let v3 = quadSwapY(v1);
    x_at += x_row;
    // unroll
    for (var a = 0u; a < VECTORS; a++) {
      let d = dy[dy_at[a]];
      dy_at[a] += dy_row;
      // unroll
      for (var i = 0u; i < 4u; i++) {
        sum0[4u * a + i] += d[i] * v;
        sum1[4u * a + i] += d[i] * v1;
        sum2[4u * a + i] += d[i] * v2;
        sum3[4u * a + i] += d[i] * v3;
      }
    }
  }
  // unroll
  for (var i = 0u; i < ROWS; i++) {
    store(group.z, n + i, k0 + lane * 4u, sum0[i]);
    store(group.z, n + i, k0 + (lane ^ 1u) * 4u, sum1[i]);
    store(group.z, n + i, k0 + (lane ^ 2u) * 4u, sum2[i]);
    store(group.z, n + i, k0 + (lane ^ 3u) * 4u, sum3[i]);
  }
}
