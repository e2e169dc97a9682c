// What elementwise and row-wise kernels take at once: four numbers, where sizes are multiples of four. Otherwise common/vectors_1.

alias Vector = vec4<f32>;
const WIDTH: u32 = 4u;

fn number_sum(v: Vector) -> f32 {
  return dot(v, Vector(1.0));
}

fn product_sum(a: Vector, b: Vector) -> f32 {
  return dot(a, b);
}

/// The number i of a vector.
fn number(v: Vector, i: u32) -> f32 {
  return v[i];
}

fn vector_of(a: f32, b: f32, c: f32, d: f32) -> Vector {
  return Vector(a, b, c, d);
}

/// What begins at column `col` of a row, of the four weights at the multiple of four before it.
fn vector_at(four: vec4<f32>, col: u32) -> Vector {
  return four;
}
