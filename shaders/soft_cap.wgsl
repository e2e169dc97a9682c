// y = cap · tanh(y / cap), in place.   y: f32 [count]
// One thread: a vector.

struct Params { vectors: u32, cap: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors) { return; }
  let z = y[i];
  y[i] = vector_of(
    soft_cap(number(z, 0u), p.cap), soft_cap(number(z, 1u), p.cap), soft_cap(number(z, 2u), p.cap), soft_cap(number(z, 3u), p.cap),
  );
}
