enable subgroups;
diagnostic(off, subgroup_uniformity);
// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k], as matmul_weight, for adapters where a load costs more than
// a multiplication.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; N, K and stride multiples of 4
// A quad (four neighbouring lanes) makes 16·VECTORS × 16 weights of one split: each lane reads 4·VECTORS columns of dy and 4
// of x, and the lanes exchange those of x. ROWS = 4·VECTORS. No workgroup memory; four quads side by side a workgroup.
// Workgroups: columns of dy along z (a few neighbours along x), columns of x along y, for each split.

@group(0) @binding(1) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;

// ACCUMULATE is a constant, because stores are half of the code to compile.
fn store(at: u32, value: vec4<f32>) {
  if (ACCUMULATE) { out[at] += value; } else { out[at] = value; }
}

@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let lane = thread % 4u;
  let across = (p.k + 63u) / 64u;
  let split = group.y / across;
  let k0 = group.y % across * 64u + thread / 4u * 16u;
  let n0 = (group.z * groups.x + group.x) * 4u * ROWS;
  let n = n0 + lane * ROWS;
  if (k0 >= p.k || n0 >= p.n) { return; }
  // Lanes beyond the last row or column read the last one again, and `store` ignores them.
  let start = split * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  let x_row = p.k / 4u;
  let dy_row = p.stride / 4u;
  let x_at = min(k0 + lane * 4u, p.k - 4u) / 4u;
  var dy_at: array<u32, VECTORS>;
  // unroll
  for (var a = 0u; a < VECTORS; a++) {
    dy_at[a] = min(n + 4u * a, p.n - 4u) / 4u;
  }
  var sum0 = array<vec4<f32>, ROWS>();
  var sum1 = array<vec4<f32>, ROWS>();
  var sum2 = array<vec4<f32>, ROWS>();
  var sum3 = array<vec4<f32>, ROWS>();
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
    let v1 = mat4x4<f32>(quadSwapX(v[0]), quadSwapX(v[1]), quadSwapX(v[2]), quadSwapX(v[3]));
    let v2 = mat4x4<f32>(quadSwapY(v[0]), quadSwapY(v[1]), quadSwapY(v[2]), quadSwapY(v[3]));
    let v3 = mat4x4<f32>(quadSwapY(v1[0]), quadSwapY(v1[1]), quadSwapY(v1[2]), quadSwapY(v1[3]));
    // unroll
    for (var a = 0u; a < VECTORS; a++) {
      let d0 = dy[m * dy_row + dy_at[a]];
      let d1 = dy[m1 * dy_row + dy_at[a]];
      let d2 = dy[m2 * dy_row + dy_at[a]];
      let d3 = dy[m3 * dy_row + dy_at[a]];
      // unroll
      for (var i = 0u; i < 4u; i++) {
        let d = vec4<f32>(d0[i], d1[i], d2[i], d3[i]);
        sum0[4u * a + i] = plus_product(sum0[4u * a + i], v, d);
        sum1[4u * a + i] = plus_product(sum1[4u * a + i], v1, d);
        sum2[4u * a + i] = plus_product(sum2[4u * a + i], v2, d);
        sum3[4u * a + i] = plus_product(sum3[4u * a + i], v3, d);
      }
    }
  }
  let count = p.n;
  let scale = p.scale;
  let out_at = (split * count + n) * x_row + k0 / 4u;
  let beside = vec4<u32>(lane) ^ vec4<u32>(0u, 1u, 2u, 3u);
  let within = vec4<u32>(k0) + beside * 4u < vec4<u32>(p.k);
  // unroll
  for (var i = 0u; i < ROWS; i++) {
    if (n + i < count) {
      let at = out_at + i * x_row;
      if (within.x) { store(at + beside.x, sum0[i] * scale); }
      if (within.y) { store(at + beside.y, sum1[i] * scale); }
      if (within.z) { store(at + beside.z, sum2[i] * scale); }
      if (within.w) { store(at + beside.w, sum3[i] * scale); }
    }
  }
}
