// A vector of the matrix `logits`, soft-capped if there is a CAP: z = CAP · tanh(ž / CAP).

fn capped(z: vec4<f32>) -> vec4<f32> {
  if (CAP == 0.0) { return z; }
  return vec4<f32>(soft_cap(z.x, CAP), soft_cap(z.y, CAP), soft_cap(z.z, CAP), soft_cap(z.w, CAP));
}

// The four tokens of a vector.
fn tokens(vector: u32) -> vec4<u32> {
  return vec4<u32>(vector * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
}
