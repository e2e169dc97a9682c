enable subgroups;
diagnostic(off, subgroup_uniformity);
// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight_quad, for adapters with subgroups of at least eight lanes.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// Eight lanes make 32 × 32 weights of one split: each reads 4 columns of dy and 4 of x, and gets those of x that the others read. No
// workgroup memory; a subgroup is a workgroup. Workgroups: columns of x along x, columns of dy along y, splits along z.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { out[at] += value; } else { out[at] = value; }
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
  let k0 = group.x * 32u;
  let n = group.y * 32u + lane * 4u;
  let split = group.z;
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let start = split * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  let x_row = p.k / 4u;
  let dy_row = p.stride / 4u;
  let x_at = min(k0 + lane * 4u, p.k - 4u) / 4u;
  let dy_at = min(n, p.n - 4u) / 4u;
  // The vectors of lane j's columns in row i are at 8 i + j.
  var sum = array<vec4<f32>, 32>();
  // Four rows at a time, so that each sum is fetched and stored once for four products.
  let turns = (max(end, start) - start + 3u) / 4u;
  for (var left = turns; left > 0u; left--) {
    let m = start + (turns - left) * 4u;
    let last = end - 1u;
    let m1 = min(m + 1u, last);
    let m2 = min(m + 2u, last);
    let m3 = min(m + 3u, last);
    // Rows beyond the end count as 0.
    let counts = vec4<f32>(vec4<u32>(m, m + 1u, m + 2u, m + 3u) <= vec4<u32>(last));
    let v = mat4x4<f32>(
      x[m * x_row + x_at],
      x[m1 * x_row + x_at] * counts.y,
      x[m2 * x_row + x_at] * counts.z,
      x[m3 * x_row + x_at] * counts.w,
    );
    let d = transpose(mat4x4<f32>(dy[m * dy_row + dy_at], dy[m1 * dy_row + dy_at], dy[m2 * dy_row + dy_at], dy[m3 * dy_row + dy_at]));
    // unroll
    for (var j = 0u; j < 8u; j++) {
      let its = mat4x4<f32>(subgroupBroadcast(v[0], j), subgroupBroadcast(v[1], j), subgroupBroadcast(v[2], j), subgroupBroadcast(v[3], j));
      // unroll
      for (var i = 0u; i < 4u; i++) {
        sum[8u * i + j] = plus_product(sum[8u * i + j], its, d[i]);
      }
    }
  }
  let count = p.n;
  let columns = p.k;
  let scale = p.scale;
  let out_at = (split * count + n) * x_row + k0 / 4u;
  // unroll
  for (var i = 0u; i < 4u; i++) {
    if (n + i < count) {
      // unroll
      for (var j = 0u; j < 8u; j++) {
        if (k0 + 4u * j < columns) { store(out_at + i * x_row + j, sum[8u * i + j] * scale); }
      }
    }
  }
}
