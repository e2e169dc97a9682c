// The left factor of a product by subgroup matrices as halves: each row is divided by a power of two, so that its largest number is
// between 2^14 and 2^15. A half holds 11 bits from 2^-14 on, so numbers keep them down to 2^-28 of the row's largest one, and smaller
// ones are off by 2^-39 of it at most (2^-28 on a device that makes halves below 2^-14 zero). The sum of products with weights
// (common/halves multiplies these by 16) is f32 and gets the power back as the row's scale.
//   x: f32 [rows, stride], the columns from `first` on; packed: [rows, groups of 32 halves, 4 words of which the first is the scale]

struct Params { rows: u32, stride: u32, first: u32, columns: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> packed: array<vec4<u32>>;

var<workgroup> largest: array<u32, 64>;

// Beyond the last column there are zeros.
fn eight(row: u32, column: u32) -> array<vec4<f32>, 2> {
  let at = (row * p.stride + p.first + column) / 4u;
  let zero = vec4<f32>(0.0);
  return array<vec4<f32>, 2>(select(zero, x[at], column < p.columns), select(zero, x[at + 1u], column + 4u < p.columns));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.y * groups.x + group.x;
  let blocks = (p.columns + 31u) / 32u * 4u;
  let within = row < p.rows;
  var bits = vec4<u32>(0u);
  for (var b = lane; within && b < blocks; b += 64u) {
    let v = eight(row, b * 8u);
    bits = max(bits, max(bitcast<vec4<u32>>(abs(v[0])), bitcast<vec4<u32>>(abs(v[1]))));
  }
  largest[lane] = max(max(bits.x, bits.y), max(bits.z, bits.w));
  for (var width = 32u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) { largest[lane] = max(largest[lane], largest[lane + width]); }
  }
  workgroupBarrier();
  // The bits of the largest power of two that the row reaches, at least 2^-100, so that neither factor leaves the range of f32. Numbers
  // of 2^127 and more, infinity and NaN have the scale infinity, so that the result is not finite either.
  let power = max(largest[0] & 0x7f800000u, 27u << 23u);
  let shrink = bitcast<f32>((268u << 23u) - power);
  let scale = select(power - (18u << 23u), 0x7f800000u, power >= 0x7f000000u);
  for (var b = lane; within && b < blocks; b += 64u) {
    let v = eight(row, b * 8u);
    packed[row * (blocks + 1u) + b] = vec4<u32>(packed4(v[0] * shrink), packed4(v[1] * shrink));
  }
  if (within && lane == 0u) { packed[(row + 1u) * (blocks + 1u) - 1u] = vec4<u32>(scale, 0u, 0u, 0u); }
}
