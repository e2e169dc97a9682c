// Parameters of a product with one part of a matrix, and its shape as readers want it: given with each launch, so that one
// pipeline serves all matrices of a format. Entry points set W_ROWS and W_COLS from p first. `split`: how much of the inner
// dimension one split sums up; `extra`, `extra_scale`: rank and scale of common/low_rank; where a kernel knows them.

struct Params {
  rows: u32, stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32, split: u32, extra: u32, extra_scale: f32
}
@group(0) @binding(0) var<uniform> p: Params;

var<private> W_ROWS: u32;
var<private> W_COLS: u32;
