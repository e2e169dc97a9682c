// sum + m · v, written out number by number with the matrix on the left. SwiftShader compiles this form to the fewest moves: it
// copies a left factor to a register, where the vector's numbers already are, and keeps no sum of four in memory.

fn plus_product(sum: vec4<f32>, m: mat4x4<f32>, v: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(
    m[0].x * v.x + m[1].x * v.y + m[2].x * v.z + m[3].x * v.w + sum.x,
    m[0].y * v.x + m[1].y * v.y + m[2].y * v.z + m[3].y * v.w + sum.y,
    m[0].z * v.x + m[1].z * v.y + m[2].z * v.z + m[3].z * v.w + sum.z,
    m[0].w * v.x + m[1].w * v.y + m[2].w * v.z + m[3].w * v.w + sum.w,
  );
}
