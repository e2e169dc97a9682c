// The sums of a workgroup's 64 lanes, eight vectors each. Lane i writes its own to lane_sums[8 i …]. After sum_lanes, which every
// lane must call, the first eight hold the totals.

var<workgroup> lane_sums: array<vec4<f32>, 512>;

fn sum_lanes(lane: u32) {
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      for (var v = 0u; v < 8u; v++) {
        lane_sums[lane * 8u + v] += lane_sums[(lane + half) * 8u + v];
      }
    }
  }
  workgroupBarrier();
}
