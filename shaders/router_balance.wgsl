// metrics.loss += weight · share · EXPERTS · Σ_e f_e · P_e: the load-balancing loss of one router (Fedus 2021, eq. 4);
// share = the micro-batch's part of the step's supervised tokens.
//   state: the step's numbers, load: f32 [EXPERTS, 3] (f, P, N)
// One thread.

struct Params { weight: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> load: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: StepMetrics;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  for (var e = 0u; e < EXPERTS; e++) {
    sum += load[e * 3u] * load[e * 3u + 1u];
  }
  metrics.loss += p.weight * state.loss_scale * f32(state.supervised) * f32(EXPERTS) * sum;
}
