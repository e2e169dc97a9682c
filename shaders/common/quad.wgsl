// The values of the four lanes of a quad, as one lane sees them: its own first, then those of lane ^ 1, lane ^ 2 and lane ^ 3.

fn quad_vector(own: f32) -> vec4<f32> {
  let beside = quadSwapX(own);
  return vec4<f32>(own, beside, quadSwapY(own), quadSwapY(beside));
}

fn quad_vector_u32(own: u32) -> vec4<u32> {
  let beside = quadSwapX(own);
  return vec4<u32>(own, beside, quadSwapY(own), quadSwapY(beside));
}

fn quad_matrix(own: vec4<f32>) -> mat4x4<f32> {
  let beside = quadSwapX(own);
  return mat4x4<f32>(own, beside, quadSwapY(own), quadSwapY(beside));
}

fn quad_min(own: u32) -> u32 {
  let pair = min(own, quadSwapX(own));
  return min(pair, quadSwapY(pair));
}

fn quad_max(own: u32) -> u32 {
  let pair = max(own, quadSwapX(own));
  return max(pair, quadSwapY(pair));
}
