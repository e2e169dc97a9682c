// logits[r, id of token j] = z[r, j].   tokens: u32 [n, 2] (id, place j), z: f32 [R, width ≥ n], logits: f32 [R, stride]
// One thread: one value.

struct Params { count: u32, tokens: u32, width: u32, stride: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> tokens: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@group(0) @binding(3) var<storage, read_write> logits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  let row = i / p.tokens;
  let token = tokens[i % p.tokens];
  logits[row * p.stride + token.x] = z[row * p.width + token.y];
}
