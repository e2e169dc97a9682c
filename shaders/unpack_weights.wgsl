// y[row, k] = weights[row, k]: one part of a packed matrix as f32, for a product with many rows, which would each unpack it again.
//   weights: packed [W_ROWS, W_COLS], y: f32 [W_ROWS, W_COLS]; W_COLS a multiple of 4
// One thread: 8 weights of a row. 64 threads a workgroup.

@group(0) @binding(1) var<storage, read> weights: array<Word>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  let across = (W_COLS + 7u) / 8u;
  let i = (group.y * groups.x + group.x) * 64u + thread;
  let row = i / across;
  let k = i % across * 8u;
  if (row >= W_ROWS) { return; }
  let values = weight8(row, k);
  let at = (row * W_COLS + k) / 4u;
  y[at] = values[0];
  if (k + 4u < W_COLS) { y[at + 1u] = values[1]; }
}
