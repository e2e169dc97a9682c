// The numbers that change from step to step. The host writes them; they are never part of a recording.

struct StepState {
  loss_scale: f32,     // 1 / supervised tokens of the whole step
  supervised: u32,     // trained-on positions of this micro-batch
  seed: u32,           // of this micro-batch, for dropout
  learning_rate: f32,
  beta1: f32,
  beta2: f32,
  correction1: f32,    // 1 − β₁^t
  correction2: f32,    // √(1 − β₂^t)
  epsilon: f32,
  weight_decay: f32,
  clip: f32,           // largest allowed global norm, 0 = off
  rest1: f32,          // 1 − β₁ and 1 − β₂, subtracted in float64: 1 − f32(0.999) is off by 1.3e-5
  rest2: f32,
}
