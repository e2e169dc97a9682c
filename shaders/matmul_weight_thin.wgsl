// out[j, i] (+)= scale · Σ_m thin[m, j] · wide[m, i]: the gradient of a matrix with a short side (LoRA's A and B), where tiles
// would leave a GPU idle. The threads of a workgroup share the rows.
//   thin: f32 [M, thin_stride], wide: f32 [M, wide_stride], strides and `wide` multiples of 4; out: j · thin_step + i · wide_step
// One workgroup: 8 of j × 4·LANES of i; a thread sums every (256 / LANES)-th row for 8 × 4 of them and loads four rows ahead.

struct Params {
  rows: u32, thin: u32, thin_stride: u32, wide: u32, wide_stride: u32, thin_step: u32, wide_step: u32, accumulate: u32, scale: f32
}
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> thin: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> wide: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

// Half of the rows' sums at a time: 256 vectors × 4.
var<workgroup> sums: array<vec4<f32>, 1024>;

const LINES: u32 = 256u / LANES;

@compute @workgroup_size(LANES, LINES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = min(group.x * LANES + local % LANES, p.wide / 4u - 1u);
  let j = group.y * 8u;
  let second = select(0u, 1u, j + 4u < p.thin);
  var sum = array<vec4<f32>, 8>();
  for (var m = local / LANES; m < p.rows; m += 4u * LINES) {
    var w = array<vec4<f32>, 4>();
    var a = array<vec4<f32>, 4>();
    var b = array<vec4<f32>, 4>();
    // unroll
    for (var t = 0u; t < 4u; t++) {
      let row = min(m + LINES * t, p.rows - 1u);
      w[t] = wide[row * (p.wide_stride / 4u) + i];
      a[t] = thin[(row * p.thin_stride + j) / 4u];
      b[t] = thin[(row * p.thin_stride + j) / 4u + second];
    }
    // unroll
    for (var t = 0u; t < 4u; t++) {
      let v = select(vec4<f32>(0.0), w[t], m + LINES * t < p.rows);
      // unroll
      for (var c = 0u; c < 4u; c++) {
        sum[c] = fma(vec4<f32>(a[t][c]), v, sum[c]);
        sum[4u + c] = fma(vec4<f32>(b[t][c]), v, sum[4u + c]);
      }
    }
  }
  // unroll
  for (var half = 0u; half < 2u; half++) {
    workgroupBarrier();
    // unroll
    for (var c = 0u; c < 4u; c++) { sums[c * 256u + local] = sum[4u * half + c]; }
    for (var step = 128u; step >= LANES; step /= 2u) {
      workgroupBarrier();
      if (local < step) {
        // unroll
        for (var c = 0u; c < 4u; c++) { sums[c * 256u + local] += sums[c * 256u + local + step]; }
      }
    }
    workgroupBarrier();
    // 4 × 4·LANES outputs: one for each of the first threads.
    let c = local / (4u * LANES);
    let column = group.x * 4u * LANES + local % (4u * LANES);
    let row = j + 4u * half + c;
    if (local < 16u * LANES && column < p.wide && row < p.thin) {
      let value = sums[c * 256u + local % (4u * LANES) / 4u][local % 4u] * p.scale;
      let to = row * p.thin_step + column * p.wide_step;
      out[to] = value + select(0.0, out[to], p.accumulate == 1u);
    }
  }
}
