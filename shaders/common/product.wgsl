// Parameters of a product with one part of a matrix, and its shape as readers want it: given with each launch, so that one
// pipeline serves all matrices of a format. Entry points set W_ROWS and W_COLS from p first.

struct Params { rows: u32, stride: u32, first: u32, w_rows: u32, w_cols: u32, accumulate: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;

var<private> W_ROWS: u32;
var<private> W_COLS: u32;
