// dz[r, j] = dlogits[r, id of token j], 0 after the n tokens. Sets dlogits[r, id] to 0, because the head's own row did not produce that logit.
//   tokens: u32 [n, 2] (id, place j), dz: f32 [R, width ≥ n], dlogits: f32 [R, stride]
// One thread: one value of dz.

struct Params { count: u32, tokens: u32, width: u32, stride: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> dz: array<f32>;
@group(0) @binding(3) var<storage, read_write> dlogits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  let row = i / p.width;
  let j = i % p.width;
  if (j >= p.tokens) {
    dz[i] = 0.0;
    return;
  }
  let token = tokens[j];
  let at = row * p.stride + token.x;
  dz[row * p.width + token.y] = dlogits[at];
  dlogits[at] = 0.0;
}
