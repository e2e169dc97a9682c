// metrics.right += the supervised rows of which the target has the highest score; of equal scores, the first one counts. A row with a score
// that is NaN is not right.
//   rows: u32 [M] (positions trained on), targets: i32 [M], logits: f32 [R, stride ≥ V], state: the step's numbers
// One workgroup for all rows. A thread takes every 64th row.

struct Params { first: u32, rows: u32, vocab: u32, stride: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> targets: array<i32>;
@group(0) @binding(3) var<storage, read> state: StepState;
@group(0) @binding(4) var<storage, read_write> logits: array<f32>;
@group(0) @binding(5) var<storage, read_write> metrics: StepMetrics;

var<workgroup> counts: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) local: u32) {
  var count = 0u;
  for (var row = local; row < p.rows; row += 64u) {
    if (p.first + row >= state.supervised) { break; }
    let start = row * p.stride;
    let target_id = u32(max(targets[rows[p.first + row]], 0));
    let score = logits[start + target_id];
    var right = 1u;
    for (var v = 0u; v < p.vocab; v++) {
      let other = logits[start + v];
      // Every comparison with NaN is false.
      if (score > other || (score == other && v >= target_id)) { continue; }
      right = 0u;
    }
    count += right;
  }
  counts[local] = count;
  workgroupBarrier();
  if (local != 0u) { return; }
  var all = 0u;
  for (var i = 0u; i < 64u; i++) { all += counts[i]; }
  metrics.right += f32(all);
}
