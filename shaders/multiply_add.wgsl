// For benchmarks: 8 · 4 · steps multiply-adds a thread in registers, no memory but one store.   y: f32 [4 · threads]
// The accumulators do not depend on each other, so that nothing waits for a result.

struct Params { threads: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.threads) { return; }
  // Factors that no compiler knows, near enough to 1 that the values stay finite.
  let a = vec4<f32>(1.0 - f32(p.steps) * 1e-9);
  let b = vec4<f32>(f32(i & 7u) * 1e-6);
  var c0 = b; var c1 = b + 1.0; var c2 = b + 2.0; var c3 = b + 3.0;
  var c4 = b + 4.0; var c5 = b + 5.0; var c6 = b + 6.0; var c7 = b + 7.0;
  for (var k = 0u; k < p.steps; k++) {
    c0 = fma(c0, a, b); c1 = fma(c1, a, b); c2 = fma(c2, a, b); c3 = fma(c3, a, b);
    c4 = fma(c4, a, b); c5 = fma(c5, a, b); c6 = fma(c6, a, b); c7 = fma(c7, a, b);
  }
  y[i] = ((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7));
}
