// For benchmarks: 256 · steps multiply-adds per thread in registers, with one store to memory.   y: f32 [threads]
// Eight accumulators do not depend on each other, so that nothing waits for a result. Each turn of the loop is long, because
// software adapters copy all accumulators at its end.

struct Params { threads: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.threads) { return; }
  // Factors that a compiler cannot know, close enough to 1 that the values stay finite.
  let a = 1.0 - f32(p.steps) * 1e-9;
  let b = f32(i & 7u) * 1e-6;
  var c: array<f32, 8>;
  // unroll
  for (var j = 0u; j < 8u; j++) {
    c[j] = b + f32(j);
  }
  for (var k = 0u; k < p.steps; k++) {
    // unroll
    for (var turn = 0u; turn < 32u; turn++) {
      // unroll
      for (var j = 0u; j < 8u; j++) {
        c[j] = fma(c[j], a, b);
      }
    }
  }
  y[i] = (c[0] + c[1] + c[2] + c[3]) + (c[4] + c[5] + c[6] + c[7]);
}
