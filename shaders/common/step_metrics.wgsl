// The measurements of a step. Kernels add them up or write them, and the host reads them by these names (src/ops/step-metrics.ts).
// Before each step the host sets all of them to 0 except `halted`.

struct StepMetrics {
  loss: f32,         // summed over the micro-batches, including the losses of routers
  grad_norm: f32,    // global norm, before clipping
  finite: f32,       // 1 if loss and norm are finite in this step and in all earlier ones, else 0
  clip_factor: f32,  // factor of the gradient: min(1, clip / (norm + 1e−6)), or 1 if clip is 0
  right: f32,        // supervised rows of which the target has the highest score; counted for classes only
  halted: f32,       // stays 1 once loss or norm was not finite
}
