// Rotary embedding in place, halves paired as Hugging Face does (Su 2021, eq. 34), over the first ROTATED numbers of a head:
//   (a, b) ← (a cos − b sin, b cos + a sin),  a = y[m, h, j], b = y[m, h, j + ROTATED/2];  DIRECTION −1 turns back.
//   y: f32 [M, heads, D], positions: u32 [M], table: f32 [positions, 2, ROTATED/2] (cosines, then sines); D and ROTATED/2 multiples of WIDTH
// One thread: WIDTH pairs.

struct Params { threads: u32, heads: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> positions: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;

/// Vectors of half of the rotated part.
const HALF: u32 = ROTATED / 2u / WIDTH;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.threads) { return; }
  let j = i % HALF;
  let head = i / HALF;
  let angle = positions[head / p.heads] * 2u * HALF + j;
  let c = table[angle];
  let s = table[angle + HALF] * DIRECTION;
  let at = head * (HEAD_DIM / WIDTH) + j;
  let a = y[at];
  let b = y[at + HALF];
  y[at] = a * c - b * s;
  y[at + HALF] = b * c + a * s;
}
