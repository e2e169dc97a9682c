// Which experts of a row take part. Needs z: array<f32>, EXPERTS and TOP_K.

fn is_chosen(start: u32, e: u32) -> bool {
  var larger = 0u;
  for (var other = 0u; other < EXPERTS; other++) {
    if (z[start + other] > z[start + e] || (z[start + other] == z[start + e] && other < e)) { larger++; }
  }
  return larger < TOP_K;
}
