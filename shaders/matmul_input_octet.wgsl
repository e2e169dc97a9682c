enable subgroups;
diagnostic(off, subgroup_uniformity);
// dx[m, k] (+)= scale · Σ_n dy[m, first + n] · w[n, k]: the gradient of a product's input, as matmul_input_quad, for adapters with
// subgroups of at least eight lanes.
//   dy: f32 [M, stride], weights: packed [N, K] (W_ROWS × W_COLS, one part), dx: f32 [M, K]; K, N, stride, first multiples of 4
// Eight lanes make 32 rows × 32 columns, as in matmul_octet.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { dx[at] += value; } else { dx[at] = value; }
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let k0 = group.x * 32u;
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let k = min(k0 + lane * 4u, W_COLS - 4u);
  let m = group.y * 32u + lane * 4u;
  let last = p.rows - 1u;
  let dy_row = (min(vec4<u32>(m, m + 1u, m + 2u, m + 3u), vec4<u32>(last)) * p.stride + p.first) / 4u;
  // The vectors of lane j's columns in row r are at 8 r + j.
  var sum = array<vec4<f32>, 32>();
  let turns = W_ROWS / 4u;
  for (var left = turns; left > 0u; left--) {
    let i = turns - left;
    let n = i * 4u;
    let w = mat4x4<f32>(weight4(n, k), weight4(n + 1u, k), weight4(n + 2u, k), weight4(n + 3u, k));
    // All loads come before the arithmetic, as in matmul_quad.
    let v = mat4x4<f32>(dy[dy_row.x + i], dy[dy_row.y + i], dy[dy_row.z + i], dy[dy_row.w + i]);
    // unroll
    for (var j = 0u; j < 8u; j++) {
      let its = mat4x4<f32>(subgroupBroadcast(w[0], j), subgroupBroadcast(w[1], j), subgroupBroadcast(w[2], j), subgroupBroadcast(w[3], j));
      // unroll
      for (var r = 0u; r < 4u; r++) {
        sum[8u * r + j] = plus_product(sum[8u * r + j], its, v[r]);
      }
    }
  }
  let rows = p.rows;
  let columns = W_COLS;
  let scale = p.scale;
  // unroll
  for (var r = 0u; r < 4u; r++) {
    if (m + r < rows) {
      let at = ((m + r) * columns + k0) / 4u;
      // unroll
      for (var j = 0u; j < 8u; j++) {
        if (k0 + 4u * j < columns) { store(at + j, sum[8u * r + j] * scale); }
      }
    }
  }
}
