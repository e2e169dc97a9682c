// The sixteen values of E2M1, a float of 4 bits: a sign, two bits of exponent, one of fraction (OCP Microscaling Formats 1.0, section 5.3.3).

export const e2m1Values: readonly number[] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6]
