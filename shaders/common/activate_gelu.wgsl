// GELU, x · Φ(x) with the normal distribution Φ(x) = erfc(−x/√2)/2 (Hendrycks & Gimpel 2016, arXiv 1606.08415, eq. 1), and its slope
// Φ(x) + x · φ(x). erfc(z) = t · exp(−z² + Q(t)), t = 1/(1 + z/2), for z ≥ 0; Q is a Chebyshev fit of degree 9, off by at most 7e-8.

const FIT = array<f32, 10>(-1.26549752, 0.999686355, 0.377223408, 0.0811646084, -0.139631482, 0.1914623, -1.03165751, 1.4132031, -0.791463094, 0.165509898);

fn normal_distribution(x: Vector) -> Vector {
  let z = abs(x) * 0.7071067811865476;
  let t = 1.0 / (1.0 + 0.5 * z);
  var q = Vector(FIT[9]);
  q = q * t + FIT[8];
  q = q * t + FIT[7];
  q = q * t + FIT[6];
  q = q * t + FIT[5];
  q = q * t + FIT[4];
  q = q * t + FIT[3];
  q = q * t + FIT[2];
  q = q * t + FIT[1];
  q = q * t + FIT[0];
  let tail = 0.5 * t * exp(q - z * z);
  return select(tail, 1.0 - tail, x >= Vector(0.0));
}

fn activate(x: Vector) -> Vector {
  return x * normal_distribution(x);
}

fn activate_slope(x: Vector) -> Vector {
  return normal_distribution(x) + x * 0.3989422804014327 * exp(-0.5 * x * x);
}
