// What elementwise and row-wise kernels take at once: one number, where sizes are no multiples of four. Otherwise common/vectors_4.

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

/// What begins at column `col` of a row, of the four weights at the multiple of four before it.
fn vector_at(four: vec4<f32>, col: u32) -> Vector {
  return four[col & 3u];
}
