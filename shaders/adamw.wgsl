// AdamW (Loshchilov & Hutter 2019, algorithm 2) over all trainable tensors laid end to end:
//   g ← clip · g, m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²
//   w ← w − η λ w − η (m / (1 − β₁^t)) / (√v / √(1 − β₂^t) + ε)
//   w, g, m, v: f32 [count], rates: vec2 [count / 64] (factor of η, 1 where λ applies)
// If the loss or the norm is not finite (metrics.finite = 0), nothing changes. One thread: 4 values.

struct Params { vectors: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> state: StepState;
@group(0) @binding(2) var<storage, read_write> metrics: StepMetrics;
@group(0) @binding(3) var<storage, read> rates: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> g: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> m: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> v: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> w: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let i = linear_index(group, groups, local);
  if (i >= p.vectors || metrics.finite == 0.0) { return; }
  let rate = rates[i / 16u];
  let eta = state.learning_rate * rate.x;
  let gradient = g[i] * metrics.clip_factor;
  let mean = state.beta1 * m[i] + state.rest1 * gradient;
  let square = state.beta2 * v[i] + state.rest2 * gradient * gradient;
  m[i] = mean;
  v[i] = square;
  let decayed = w[i] * (1.0 - eta * state.weight_decay * rate.y);
  w[i] = decayed - (eta / state.correction1) * mean / (sqrt(square) / state.correction2 + state.epsilon);
}
