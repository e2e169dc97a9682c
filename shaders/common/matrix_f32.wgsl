// Factors of matmul_matrix in f32. The left one is read as it is: x or dy, f32, row by row.

alias Factor = f32;
alias Eight = array<vec4<f32>, 2>;

@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;

// Beyond the last row, that row is read again, and `store` leaves it out. Beyond the last column there are zeros.
fn fetch_a(m0: u32, k: u32, end: u32, piece: u32) -> Eight {
  let column = k + piece % (TURN / 8u) * 8u;
  let row = left_row();
  let at = min(m0 + piece / (TURN / 8u), p.rows - 1u) * row.x + row.y + column / 4u;
  let zero = vec4<f32>(0.0);
  return Eight(select(zero, x[at], column < end), select(zero, x[at + 1u], column + 4u < end));
}

fn place_a(piece: u32, v: Eight) {
  let at = piece / (TURN / 8u) * A_STRIDE + piece % (TURN / 8u) * 8u;
  for (var j = 0u; j < 4u; j++) {
    a_tile[at + j] = v[0][j];
    a_tile[at + 4u + j] = v[1][j];
  }
}

fn place_b(at: u32, v: array<vec4<f32>, 2>) {
  for (var j = 0u; j < 4u; j++) {
    b_tile[at + j] = v[0][j];
    b_tile[at + 4u + j] = v[1][j];
  }
}

fn row_scale(m: u32) -> f32 {
  return 1.0;
}
