// y[row, col] = weights[row, col]: unpacks a part of a matrix, for tests and exports.
//   weights: packed [W_ROWS, W_COLS], y: f32 [W_ROWS, W_COLS]
// One thread: 8 weights of a row, with weight8 if EIGHT, else with two calls of weight4. 64 threads a workgroup along the row, workgroup y = row.

@group(0) @binding(0) var<storage, read> weights: array<Word>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

fn store(row: u32, col: u32, value: vec4<f32>) {
  for (var i = 0u; i < 4u; i++) {
    if (col + i < W_COLS) { y[row * W_COLS + col + i] = value[i]; }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let col = id.x * 8u;
  for (var row = id.y; row < W_ROWS; row += 65535u) {
    if (col >= W_COLS) { return; }
    if (EIGHT) {
      let value = weight8(row, col);
      store(row, col, value[0]);
      store(row, col + 4u, value[1]);
    } else {
      store(row, col, weight4(row, col));
      if (col + 4u < W_COLS) { store(row, col + 4u, weight4(row, col + 4u)); }
    }
  }
}
