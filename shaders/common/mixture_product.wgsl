// Parameters of a product with the matrices of several experts, [n, w_cols] each. Frozen ones follow each other as the rows of one packed
// matrix (`apart` = 0). Trained ones are `apart` numbers from each other (common/apart_f32). Entry points first call `at_expert`.

struct Params {
  tiles: u32, first: u32, experts: u32, n: u32, w_cols: u32, apart: u32, accumulate: u32, scale: f32
}
@group(0) @binding(0) var<uniform> p: Params;

var<private> W_ROWS: u32;
var<private> W_COLS: u32;
// The first row of the expert's matrix, and where it begins.
var<private> W_FIRST: u32;
var<private> W_BASE: u32;

// Whether the matrix of `expert` is among these.
fn at_expert(expert: u32) -> bool {
  if (expert < p.first || expert >= p.first + p.experts) { return false; }
  let index = expert - p.first;
  W_ROWS = p.n * p.experts;
  W_COLS = p.w_cols;
  W_FIRST = select(0u, index * p.n, p.apart == 0u);
  W_BASE = index * p.apart;
  return true;
}
