// The measurements of a step. Kernels add them up or write them, and the host reads them by these names (src/ops/step-metrics.ts).
// Before each step the host sets all of them to 0 except `halted`.

struct StepMetrics {
  loss: f32,         // added up over the micro-batches, with the losses of routers
  grad_norm: f32,    // global norm, before clipping
  finite: f32,       // 1 if loss and norm are finite, in this step and in all before it, else 0
  clip_factor: f32,  // what the gradient is multiplied by: min(1, clip / (norm + 1e−6)), 1 where clip is 0
  halted: f32,       // 1 forever once anything was not finite
}
