// x[m, c] = w[ids[m], c] for the ids in this part of the table.
//   ids: u32 [M], weights: packed [W_ROWS, W_COLS], x: f32 [M, C = W_COLS]
// One thread: a vector. Other launches handle ids in other parts, and virtual_tokens handles ids beyond the vocabulary.

struct Params { vectors: u32, first_row: u32, scale: f32, zero_others: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<Word>;
@group(0) @binding(3) var<storage, read_write> x: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let m = i / (W_COLS / WIDTH);
  let c = (i % (W_COLS / WIDTH)) * WIDTH;
  let row = ids[m] - p.first_row;
  if (row < W_ROWS) {
    x[i] = vector_at(weight4(row, c / 4u * 4u), c) * p.scale;
  } else if (p.zero_others == 1u) {
    x[i] = Vector(0.0);
  }
}
