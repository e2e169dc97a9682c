// Parameters of a product with one part of a matrix, and the part's shape for readers. They come with each launch, so that one
// pipeline serves all matrices of a format. Entry points first set W_ROWS and W_COLS from p. Some kernels also use `split`, the
// length of the inner dimension that one split sums up, and `extra` and `extra_scale`, rank and scale of common/low_rank.

struct Params {
  rows: u32, stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32, split: u32, extra: u32, extra_scale: f32
}
@group(0) @binding(0) var<uniform> p: Params;

var<private> W_ROWS: u32;
var<private> W_COLS: u32;
