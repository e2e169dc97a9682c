// The backward pass of one step of lstm_cell.wgsl: from dy[t] and the gradients of the next step (dh, dc) to the gates' gradient.
//   gates: f32 [P, 4H] (activated), cells: f32 [P, H], dy: f32 [P, 2H], dh: f32 [H] (Wᵀ dz of the step after),
//   dc: f32 [H] (in place), dgates: f32 [P, 4H], dz: f32 [4H] (row t of dgates, for the next product)
// One thread: one unit.

struct Params { hidden: u32, t: u32, back: u32, next: u32, steps: u32, column: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> gates: array<f32>;
@group(0) @binding(2) var<storage, read_write> cells: array<f32>;
@group(0) @binding(3) var<storage, read_write> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dh: array<f32>;
@group(0) @binding(5) var<storage, read_write> dc: array<f32>;
@group(0) @binding(6) var<storage, read_write> dgates: array<f32>;
@group(0) @binding(7) var<storage, read_write> dz: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.hidden) { return; }
  let row = p.t * 4u * p.hidden + i;
  let gate = vec4<f32>(gates[row], gates[row + p.hidden], gates[row + 2u * p.hidden], gates[row + 3u * p.hidden]);
  var dout = dy[p.t * 2u * p.hidden + p.column + i];
  var dcell = 0.0;
  if (p.next < p.steps) {
    dout += dh[i];
    dcell = dc[i];
  }
  var cell_before = 0.0;
  if (p.back < p.steps) { cell_before = cells[p.back * p.hidden + i]; }
  let capped = soft_cap(cells[p.t * p.hidden + i], 1.0);
  dcell += dout * gate.w * (1.0 - capped * capped);
  let d = vec4<f32>(
    dcell * gate.z * gate.x * (1.0 - gate.x),
    dcell * cell_before * gate.y * (1.0 - gate.y),
    dcell * gate.x * (1.0 - gate.z * gate.z),
    dout * capped * gate.w * (1.0 - gate.w),
  );
  dc[i] = dcell * gate.y;
  for (var j = 0u; j < 4u; j++) {
    dgates[row + j * p.hidden] = d[j];
    dz[i + j * p.hidden] = d[j];
  }
}
