// out[i] (+)= Σ_s parts[s, i], splits in order.   parts: f32 [S, count], out: f32 [count]

struct Params { count: u32, splits: u32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> parts: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;

// Splits that one thread sums before the result is added to the total, so that rounding does not grow with their number.
const BLOCK: u32 = 32u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.count) { return; }
  var sum = 0.0;
  for (var block = 0u; block < p.splits; block += BLOCK) {
    var part = 0.0;
    for (var s = block; s < min(block + BLOCK, p.splits); s++) {
      part += parts[s * p.count + i];
    }
    sum += part;
  }
  if (p.accumulate == 1u) { sum += out[i]; }
  out[i] = sum;
}
