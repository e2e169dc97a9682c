// parts[i] = Σ x · y over piece i.   x, y: f32 [count], parts: f32 [pieces]
// One thread: one piece of `piece` vectors in order, in blocks.

struct Params { vectors: u32, piece: u32, pieces: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;
@group(0) @binding(3) var<storage, read_write> parts: array<f32>;

// Vectors that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 256u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.pieces) { return; }
  var sum = 0.0;
  let end = min((i + 1u) * p.piece, p.vectors);
  for (var block = i * p.piece; block < end; block += BLOCK) {
    var part = 0.0;
    for (var j = block; j < min(block + BLOCK, end); j++) {
      part += product_sum(x[j], y[j]);
    }
    sum += part;
  }
  parts[i] = sum;
}
