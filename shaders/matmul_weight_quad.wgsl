enable subgroups;
diagnostic(off, subgroup_uniformity);
// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight, for adapters where a load costs more than
// a multiplication.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// A quad (four neighbouring lanes) makes 16 × 16 weights of one split: each lane reads 4 columns of dy and of x, and the
// lanes pass those of x round. No workgroup memory; four quads side by side a workgroup.

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
  let n = group.y * 16u + lane * 4u;
  if (k0 >= p.k) { return; }
  // Lanes beyond the last row or column read the last ones again; `store` leaves them out.
  let x_at = min(k0 + lane * 4u, p.k - 4u) / 4u;
  let dy_at = min(n, p.n - 4u) / 4u;
  let start = group.z * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  var sum0 = array<vec4<f32>, 4>();
  var sum1 = array<vec4<f32>, 4>();
  var sum2 = array<vec4<f32>, 4>();
  var sum3 = array<vec4<f32>, 4>();
  for (var m = start; m < end; m++) {
    let v = x[m * (p.k / 4u) + x_at];
    let v1 = quadSwapX(v);
    let v2 = quadSwapY(v);
    let v3 = quadSwapY(v1);
    let d = dy[m * (p.stride / 4u) + dy_at];
    // unroll
    for (var i = 0u; i < 4u; i++) {
      sum0[i] += d[i] * v;
      sum1[i] += d[i] * v1;
      sum2[i] += d[i] * v2;
      sum3[i] += d[i] * v3;
    }
  }
  // unroll
  for (var i = 0u; i < 4u; i++) {
    store(group.z, n + i, k0 + lane * 4u, sum0[i]);
    store(group.z, n + i, k0 + (lane ^ 1u) * 4u, sum1[i]);
    store(group.z, n + i, k0 + (lane ^ 2u) * 4u, sum2[i]);
    store(group.z, n + i, k0 + (lane ^ 3u) * 4u, sum3[i]);
  }
}
