// The sixteen values of E2M1, a float of 4 bits (OCP Microscaling Formats 1.0, section 5.3.3).

const CODE = array<f32, 16>(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, -0.0, -0.5, -1.0, -1.5, -2.0, -3.0, -4.0, -6.0);
