// Factors of matmul_matrix as halves (common/halves). Those of the left one were made by row_halves: after a row's halves, as many as
// whole groups of 32, comes a vector that begins with the scale of the row's sums.

alias Eight = vec4<u32>;

@group(0) @binding(1) var<storage, read_write> x: array<vec4<u32>>;

fn line_vectors() -> u32 {
  return (inner() + 31u) / 32u * 4u + 1u;
}

// Beyond the last row, that row is read again, and `store` leaves it out. Beyond the last column, row_halves wrote zeros.
fn fetch_a(m0: u32, k: u32, end: u32, piece: u32) -> Eight {
  return x[min(m0 + piece / (TURN / 8u), p.rows - 1u) * line_vectors() + k / 8u + piece % (TURN / 8u)];
}

fn place_a(piece: u32, v: Eight) {
  let at = piece / (TURN / 8u) * A_STRIDE + piece % (TURN / 8u) * 8u;
  let near = factors4(v.xy);
  let far = factors4(v.zw);
  for (var j = 0u; j < 4u; j++) {
    a_tile[at + j] = near[j];
    a_tile[at + 4u + j] = far[j];
  }
}

fn place_b(at: u32, w: array<vec4<f32>, 2>) {
  let v = weight_halves(w);
  let near = factors4(v.xy);
  let far = factors4(v.zw);
  for (var j = 0u; j < 4u; j++) {
    b_tile[at + j] = near[j];
    b_tile[at + 4u + j] = far[j];
  }
}

fn row_scale(m: u32) -> f32 {
  return bitcast<f32>(x[(min(m, p.rows - 1u) + 1u) * line_vectors() - 1u].x);
}
