// y = x · mask / (1 − rate): the mask is a hash of seed, site and place, so the backward pass computes it again.
//   x, y: f32 [count];  ACCUMULATE adds to y

struct Params { vectors: u32, site: u32, threshold: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> x: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;

// PCG, output permutation RXS-M-XS 32 (O'Neill 2014; Jarzynski & Olano 2020)
fn pcg(input: u32) -> u32 {
  let state_ = input * 747796405u + 2891336453u;
  let word = ((state_ >> ((state_ >> 28u) + 4u)) ^ state_) * 277803737u;
  return (word >> 22u) ^ word;
}

// The mask's factor at a place.
fn kept(key: u32, place: u32) -> f32 {
  return select(0.0, p.scale, pcg(key ^ pcg(place)) >= p.threshold);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let key = pcg(state.seed ^ pcg(p.site));
  let at = i * WIDTH;
  let mask = vector_of(kept(key, at), kept(key, at + 1u), kept(key, at + 2u), kept(key, at + 3u));
  if (ACCUMULATE) { y[i] += x[i] * mask; } else { y[i] = x[i] * mask; }
}
