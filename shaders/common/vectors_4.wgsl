// What an elementwise or row-wise kernel handles at once: four numbers, if all sizes are multiples of four (else common/vectors_1).

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

/// The vector at column `col` of a row; `four` holds the weights from the last multiple of four on.
fn vector_at(four: vec4<f32>, col: u32) -> Vector {
  return four;
}
