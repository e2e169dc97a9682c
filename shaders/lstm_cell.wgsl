// One step of one direction of an LSTM (Hochreiter & Schmidhuber 1997; gates i, f, g, o as PyTorch orders them):
//   z = gates[t] + hh,  c_t = σ(z_f) c_before + σ(z_i) tanh(z_g),  h_t = σ(z_o) tanh(c_t)
//   gates: f32 [P, 4H] (the input's part, becomes the activated gates), hh: f32 [4H] (W h_before, unread at the first step),
//   cells: f32 [P, H], y: f32 [P, 2H] (h_t at column `column`), before: f32 [P, H] (h_before of each step), h: f32 [H]
// `back` and `next` are the steps before and after `t` in this direction, or P. One thread: one unit.

struct Params { hidden: u32, t: u32, back: u32, next: u32, steps: u32, column: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> gates: array<f32>;
@group(0) @binding(2) var<storage, read_write> hh: array<f32>;
@group(0) @binding(3) var<storage, read_write> cells: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read_write> before: array<f32>;
@group(0) @binding(6) var<storage, read_write> h: array<f32>;

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp(min(-x, 80.0)));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.hidden) { return; }
  let row = p.t * 4u * p.hidden + i;
  var z = vec4<f32>(gates[row], gates[row + p.hidden], gates[row + 2u * p.hidden], gates[row + 3u * p.hidden]);
  var cell = 0.0;
  if (p.back < p.steps) {
    z += vec4<f32>(hh[i], hh[i + p.hidden], hh[i + 2u * p.hidden], hh[i + 3u * p.hidden]);
    cell = cells[p.back * p.hidden + i];
  } else {
    before[p.t * p.hidden + i] = 0.0;
  }
  let activated = vec4<f32>(sigmoid(z.x), sigmoid(z.y), soft_cap(z.z, 1.0), sigmoid(z.w));
  cell = activated.y * cell + activated.x * activated.z;
  let output = activated.w * soft_cap(cell, 1.0);
  gates[row] = activated.x;
  gates[row + p.hidden] = activated.y;
  gates[row + 2u * p.hidden] = activated.z;
  gates[row + 3u * p.hidden] = activated.w;
  cells[p.t * p.hidden + i] = cell;
  y[p.t * 2u * p.hidden + p.column + i] = output;
  if (p.next < p.steps) { before[p.next * p.hidden + i] = output; }
  h[i] = output;
}
