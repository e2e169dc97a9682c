// Rotary embedding in place, neighbours paired (Su 2021, eq. 34), over the first ROTATED numbers of a head:
//   (a, b) ← (a cos − b sin, b cos + a sin),  a = y[m, h, 2j], b = y[m, h, 2j + 1];  DIRECTION −1 turns back.
//   y: f32 [M, heads, D], positions: u32 [M], table: f32 [positions, 2, ROTATED/2] (cosines, then sines)
// One thread: one pair.

struct Params { threads: u32, heads: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

const HALF: u32 = ROTATED / 2u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.threads) { return; }
  let j = i % HALF;
  let head = i / HALF;
  let angle = positions[head / p.heads] * ROTATED + j;
  let c = table[angle];
  let s = table[angle + HALF] * DIRECTION;
  let at = head * HEAD_DIM + 2u * j;
  let a = y[at];
  let b = y[at + 1u];
  y[at] = a * c - b * s;
  y[at + 1u] = b * c + a * s;
}
