// A product by subgroup matrices: y (+)= scale · x Wᵀ (common/matrix_forward) or dx (+)= scale · dy W (common/matrix_input), with factors
// in f32 (common/matrix_f32) or as halves (common/matrix_f16), and sums in f32.
// One workgroup: TILE_M × TILE_N outputs over one split of the sum, TURN columns of the left factor and of the matrix at a time in
// workgroup memory, while the next ones are loaded into registers. Its subgroups form a square of 2 × 2; one of them holds
// DOWN × ACROSS matrices of sums, MAT_M × MAT_N each, ACROSS · MAT_N = 32. Lines of the tiles are padded by 16 bytes, so that neighbouring
// ones lie in different banks. Sums pass through workgroup memory when they are stored, because a subgroup matrix knows no ends of y,
// no scales of rows and no low-rank update (common/low_rank, in f32).
// Where a device runs more subgroups than four, the others compute what the first four compute. So no subgroup has a way of its own.

enable subgroups;
enable chromium_experimental_subgroup_matrix;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32, @builtin(subgroup_id) id: u32) {
  W_ROWS = p.w_rows;
  W_COLS = p.w_cols;
  prepare_reader(local);
  let n0 = group.x * TILE_N;
  let m0 = group.y * TILE_M;
  let subgroup = id % 4u;
  let down = subgroup / 2u * DOWN * MAT_M;
  let across = subgroup % 2u * 32u;
  let start = group.z * p.split;
  let end = min(start + p.split, inner());
  var next_a = array<Eight, A_LOADS>();
  var next_b = array<array<vec4<f32>, 2>, B_LOADS>();
  var sums = array<subgroup_matrix_result<f32, MAT_N, MAT_M>, DOWN * ACROSS>();
  workgroupBarrier();
  // unroll
  for (var i = 0u; i < A_LOADS; i++) { next_a[i] = fetch_a(m0, start, end, a_piece(local, i)); }
  // unroll
  for (var i = 0u; i < B_LOADS; i++) { next_b[i] = fetch_b(n0, start, b_piece(local, i)); }
  for (var k = start; k < end; k += TURN) {
    workgroupBarrier();
    // unroll
    for (var i = 0u; i < A_LOADS; i++) { place_a(a_piece(local, i), next_a[i]); }
    // unroll
    for (var i = 0u; i < B_LOADS; i++) { place_b(b_place(b_piece(local, i)), next_b[i]); }
    workgroupBarrier();
    let next = select(k + TURN, k, k + TURN >= end);
    // unroll
    for (var i = 0u; i < A_LOADS; i++) { next_a[i] = fetch_a(m0, next, end, a_piece(local, i)); }
    // unroll
    for (var i = 0u; i < B_LOADS; i++) { next_b[i] = fetch_b(n0, next, b_piece(local, i)); }
    for (var s = 0u; s < TURN; s += MAT_K) {
      var b: array<subgroup_matrix_right<Factor, MAT_N, MAT_K>, ACROSS>;
      // unroll
      for (var j = 0u; j < ACROSS; j++) { b[j] = load_b(s, across + j * MAT_N); }
      // unroll
      for (var i = 0u; i < DOWN; i++) {
        let at = (down + i * MAT_M) * A_STRIDE + s;
        let a = subgroupMatrixLoad<subgroup_matrix_left<Factor, MAT_K, MAT_M>, row_major>(&a_tile, at, A_STRIDE);
        // unroll
        for (var j = 0u; j < ACROSS; j++) {
          sums[i * ACROSS + j] = subgroupMatrixMultiplyAccumulate(a, b[j], sums[i * ACROSS + j]);
        }
      }
    }
  }
  // unroll
  for (var i = 0u; i < DOWN; i++) {
    workgroupBarrier();
    // unroll
    for (var j = 0u; j < ACROSS; j++) {
      subgroupMatrixStore<row_major>(&sum_tile, subgroup * MAT_M * 32u + j * MAT_N, sums[i * ACROSS + j], 32u);
    }
    workgroupBarrier();
    for (var v = local; v < 4u * MAT_M * 8u; v += THREADS) {
      let line = v / 8u;
      let m = m0 + (line / MAT_M / 2u * DOWN + i) * MAT_M + line % MAT_M;
      let n = n0 + line / MAT_M % 2u * 32u + column(v % 8u);
      store(group.z, m, n, updated(m, n, four_sums(line * 32u, v % 8u) * row_scale(m), end == inner()));
    }
  }
}

const TILE_M: u32 = 2u * DOWN * MAT_M;
const TILE_N: u32 = 64u;
const A_STRIDE: u32 = TURN + PAD;

var<workgroup> a_tile: array<Factor, TILE_M * A_STRIDE>;
var<workgroup> sum_tile: array<f32, 4u * MAT_M * 32u>;

// The pieces of eight numbers that a thread moves in a turn. With fewer pieces than threads, some threads move the last one again.
fn a_piece(local: u32, i: u32) -> u32 {
  return min(local + i * THREADS, TILE_M * TURN / 8u - 1u);
}

fn b_piece(local: u32, i: u32) -> u32 {
  return min(local + i * THREADS, TILE_N * TURN / 8u - 1u);
}

// The last split also adds the update, which is short and is read from storage.
fn updated(m: u32, n: u32, sum: vec4<f32>, last: bool) -> vec4<f32> {
  var value = sum;
  if (LOW_RANK && last) {
    for (var c = 0u; c < p.extra; c += 4u) { value = add_product(left4(m, c), right_block(n, c), value); }
  }
  return value;
}
