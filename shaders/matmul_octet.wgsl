enable subgroups;
diagnostic(off, subgroup_uniformity);
// y[m, first + n] (+)= scale · Σ_k x[m, k] · w[n, k], as matmul_quad, for adapters with subgroups of at least eight lanes.
//   x: f32 [M, K], weights: packed [N, K] (W_ROWS × W_COLS, one part of the matrix), y: f32 [M, stride]; K, N, stride, first multiples of 4
// Eight lanes make 32 rows × 32 columns: each reads 4 rows of x and 4 rows of weights, and gets the weights of the others from them. So it
// loads 8 vectors for 512 multiply-adds, where a lane of a quad loads 12. No workgroup memory; a subgroup is a workgroup.

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { y[at] += value; } else { y[at] = value; }
}

@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let n0 = group.y * 32u;
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let n = min(n0 + lane * 4u, W_ROWS - 4u);
  let m = group.x * 32u + lane * 4u;
  let row_vectors = W_COLS / 4u;
  let last = p.rows - 1u;
  let x_row = min(vec4<u32>(m, m + 1u, m + 2u, m + 3u), vec4<u32>(last)) * row_vectors;
  // The vectors of lane j's columns in row r are at 8 r + j.
  var sum = array<vec4<f32>, 32>();
  for (var left = row_vectors; left > 0u; left--) {
    let i = row_vectors - left;
    let k = i * 4u;
    let w = transpose(mat4x4<f32>(weight4(n, k), weight4(n + 1u, k), weight4(n + 2u, k), weight4(n + 3u, k)));
    // All loads come before the arithmetic, as in matmul_quad.
    let v = mat4x4<f32>(x[x_row.x + i], x[x_row.y + i], x[x_row.z + i], x[x_row.w + i]);
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
  let columns = W_ROWS;
  let scale = p.scale;
  let y_row = p.stride / 4u;
  let y_at = (p.first + n0) / 4u;
  // unroll
  for (var r = 0u; r < 4u; r++) {
    if (m + r < rows) {
      let at = (m + r) * y_row + y_at;
      // unroll
      for (var j = 0u; j < 8u; j++) {
        if (n0 + 4u * j < columns) { store(at + j, sum[8u * r + j] * scale); }
      }
    }
  }
}
