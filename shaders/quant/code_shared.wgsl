// A code book in workgroup memory, for tiled kernels: one load instead of about 20 operations per weight.
// Neighbouring lanes may read any of its 16 words at once, which lie in different banks.

var<workgroup> shared_code: array<f32, 16>;

// It is visible after the kernel's next barrier.
fn prepare_reader(local: u32) {
  if (local < 16u) { shared_code[local] = CODE[local]; }
}

fn code_values(word: u32) -> vec4<f32> {
  return vec4<f32>(shared_code[word & 15u], shared_code[(word >> 8u) & 15u], shared_code[(word >> 16u) & 15u], shared_code[(word >> 24u) & 15u]);
}
