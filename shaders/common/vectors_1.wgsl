// What an elementwise or row-wise kernel handles at once: one number, if a size is not a multiple of four (else common/vectors_4).

alias Vector = f32;
const WIDTH: u32 = 1u;

fn number_sum(v: Vector) -> f32 {
  return v;
}

fn product_sum(a: Vector, b: Vector) -> f32 {
  return a * b;
}

/// The number i of a vector.
fn number(v: Vector, i: u32) -> f32 {
  return v;
}

fn vector_of(a: f32, b: f32, c: f32, d: f32) -> Vector {
  return a;
}

/// The vector at column `col` of a row; `four` holds the weights from the last multiple of four on.
fn vector_at(four: vec4<f32>, col: u32) -> Vector {
  return four[col & 3u];
}
