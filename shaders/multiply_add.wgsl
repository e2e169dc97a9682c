// For benchmarks: 32 · steps multiply-adds a thread in registers, no memory but one store.   y: f32 [threads]
// The accumulators do not depend on each other, so that nothing waits for a result; scalars, since software adapters spill vectors.

struct Params { threads: u32, steps: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.threads) { return; }
  // Factors that no compiler knows, near enough to 1 that the values stay finite.
  let a = 1.0 - f32(p.steps) * 1e-9;
  let b = f32(i & 7u) * 1e-6;
  var c0 = b + 0.0; var c1 = b + 1.0; var c2 = b + 2.0; var c3 = b + 3.0;
  var c4 = b + 4.0; var c5 = b + 5.0; var c6 = b + 6.0; var c7 = b + 7.0;
  var c8 = b + 8.0; var c9 = b + 9.0; var c10 = b + 10.0; var c11 = b + 11.0;
  var c12 = b + 12.0; var c13 = b + 13.0; var c14 = b + 14.0; var c15 = b + 15.0;
  var c16 = b + 16.0; var c17 = b + 17.0; var c18 = b + 18.0; var c19 = b + 19.0;
  var c20 = b + 20.0; var c21 = b + 21.0; var c22 = b + 22.0; var c23 = b + 23.0;
  var c24 = b + 24.0; var c25 = b + 25.0; var c26 = b + 26.0; var c27 = b + 27.0;
  var c28 = b + 28.0; var c29 = b + 29.0; var c30 = b + 30.0; var c31 = b + 31.0;
  for (var k = 0u; k < p.steps; k++) {
    c0 = fma(c0, a, b); c1 = fma(c1, a, b); c2 = fma(c2, a, b); c3 = fma(c3, a, b);
    c4 = fma(c4, a, b); c5 = fma(c5, a, b); c6 = fma(c6, a, b); c7 = fma(c7, a, b);
    c8 = fma(c8, a, b); c9 = fma(c9, a, b); c10 = fma(c10, a, b); c11 = fma(c11, a, b);
    c12 = fma(c12, a, b); c13 = fma(c13, a, b); c14 = fma(c14, a, b); c15 = fma(c15, a, b);
    c16 = fma(c16, a, b); c17 = fma(c17, a, b); c18 = fma(c18, a, b); c19 = fma(c19, a, b);
    c20 = fma(c20, a, b); c21 = fma(c21, a, b); c22 = fma(c22, a, b); c23 = fma(c23, a, b);
    c24 = fma(c24, a, b); c25 = fma(c25, a, b); c26 = fma(c26, a, b); c27 = fma(c27, a, b);
    c28 = fma(c28, a, b); c29 = fma(c29, a, b); c30 = fma(c30, a, b); c31 = fma(c31, a, b);
  }
  y[i] = (c0 + c1 + c2 + c3) +
         (c4 + c5 + c6 + c7) +
         (c8 + c9 + c10 + c11) +
         (c12 + c13 + c14 + c15) +
         (c16 + c17 + c18 + c19) +
         (c20 + c21 + c22 + c23) +
         (c24 + c25 + c26 + c27) +
         (c28 + c29 + c30 + c31);
}
