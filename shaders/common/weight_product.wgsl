// Parameters of the gradient of a matrix [n, k] from `rows` rows, `stride` numbers each: all forms of matmul_weight take these.
// `split_rows`: how many of the rows one split sums up.

struct Params { rows: u32, stride: u32, n: u32, k: u32, split_rows: u32, scale: f32, accumulate: u32 }
@group(0) @binding(0) var<uniform> p: Params;
