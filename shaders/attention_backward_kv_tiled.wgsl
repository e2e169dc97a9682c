// attention_backward_kv.wgsl tiled for GPUs, with the same formulas and parameters. Each of the H / K query heads that share a key
// head has its own workgroup; split_sum adds up their parts afterwards:
//   q, dy: f32 [B · T, H, D], k, v: f32 [B · Tk, K, D], dk, dv: f32 [H / K, B · Tk, K, D], lse: vec2<f32> [B · T, H]
// One workgroup: 8·SIDE keys and one query head, 32 of the queries that see any of the keys at a time (common/attention_tiles).

@group(0) @binding(5) var<storage, read_write> lse: array<vec2<f32>>;
@group(0) @binding(6) var<storage, read_write> dy: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> dk: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read_write> dv: array<vec4<f32>>;

/// The first query that sees a key (as its complement), and the query after the last one.
var<workgroup> extremes: array<atomic<u32>, 2>;
var<workgroup> span_of_all: vec2<u32>;

/// The range of queries that see any key of j0 … end − 1.
fn query_span(j0: u32, end: u32, row0: u32, local: u32) -> vec2<u32> {
  for (var t = local; t < p.length; t += 64u) {
    let range = ranges[row0 + t];
    if (window_start(range, p.window) < end && range.y > j0) {
      atomicMax(&extremes[0], ~t);
      atomicMax(&extremes[1], t + 1u);
    }
  }
  workgroupBarrier();
  if (local == 0u) { span_of_all = vec2<u32>(~atomicLoad(&extremes[0]), atomicLoad(&extremes[1])); }
  return workgroupUniformLoad(&span_of_all);
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tx = local % 8u;
  let ty = local / 8u;
  // x: heads, y: tiles of keys, z: batch rows
  let j0 = group.y * 8u * SIDE;
  let h = group.x;
  let row0 = group.z * p.length;
  let key0 = group.z * p.keys;
  let shared_by = p.heads / p.kv_heads;
  let kv_head = h / shared_by;
  var key_at: array<u32, SIDE>;
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    key_at[r] = ((key0 + min(j0 + ty + 8u * r, p.keys - 1u)) * p.kv_heads + kv_head) * D4;
  }
  let span = query_span(j0, min(j0 + 8u * SIDE, p.keys), row0, local);
  var key_sum = array<array<vec4<f32>, SIDE * PAIR>, ROUNDS>();
  var value_sum = array<array<vec4<f32>, SIDE * PAIR>, ROUNDS>();
  // If no query sees a key, the span starts at the largest number and ends at 0.
  for (var t0 = span.x; t0 < span.y; t0 += 32u) {
    var query_at: array<u32, 4>;
    // unroll
    for (var i = 0u; i < 4u; i++) {
      query_at[i] = ((row0 + min(t0 + ty * 4u + i, span.y - 1u)) * p.heads + h) * D4;
    }
    var score = array<vec4<f32>, SIDE>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let column = chunk * 8u + tx;
      workgroupBarrier();
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        tiles[(ty + 8u * r) * STRIDE + tx] = select(vec4<f32>(0.0), key4(key_at[r] + column) * p.scale, inside(column));
      }
      // unroll
      for (var i = 0u; i < 4u; i++) {
        tiles[TILE + (ty + 8u * i) * STRIDE + tx] = select(vec4<f32>(0.0), q[query_at[i] + column], inside(column));
      }
      workgroupBarrier();
      score = add_scores(score, local);
    }
    var change = array<vec4<f32>, SIDE>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let column = chunk * 8u + tx;
      workgroupBarrier();
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        tiles[(ty + 8u * r) * STRIDE + tx] = select(vec4<f32>(0.0), value4(key_at[r] + column), inside(column));
      }
      // unroll
      for (var i = 0u; i < 4u; i++) {
        tiles[TILE + (ty + 8u * i) * STRIDE + tx] = select(vec4<f32>(0.0), dy[query_at[i] + column], inside(column));
      }
      workgroupBarrier();
      change = add_scores(change, local);
    }
    var range_start: vec4<u32>;
    var range_end: vec4<u32>;
    var norm: vec4<f32>;
    var delta: vec4<f32>;
    // unroll
    for (var i = 0u; i < 4u; i++) {
      let t = t0 + tx * 4u + i;
      let m = row0 + min(t, span.y - 1u);
      // A query beyond the last sees nothing.
      let range = select(vec2<u32>(0u), ranges[m], t < span.y);
      let kept = lse[m * p.heads + h];
      range_start[i] = range.x;
      range_end[i] = range.y;
      norm[i] = kept.x;
      delta[i] = kept.y;
    }
    // unroll
    for (var r = 0u; r < SIDE; r++) {
      let seen = visible_from(j0 + ty + 8u * r, range_start, range_end, p.window);
      let s = capped(score[r]);
      let weight = select(vec4<f32>(0.0), exp(s - norm), seen);
      weights[(ty + 8u * r) * STRIDE + tx] = weight;
      change[r] = weight * (change[r] - delta) * capped_slope(s);
    }
    // unroll
    for (var round = 0u; round < ROUNDS; round++) {
      workgroupBarrier();
      // unroll
      for (var c = 0u; c < PAIR; c++) {
        let column = (round * PAIR + c) * 8u + tx;
        // unroll
        for (var i = 0u; i < 4u; i++) {
          tiles[c * TILE + (ty + 8u * i) * STRIDE + tx] = dy[query_at[i] + column];
        }
      }
      workgroupBarrier();
      value_sum[round] = add_weighted(value_sum[round], local);
    }
    // unroll
    for (var round = 0u; round < ROUNDS; round++) {
      workgroupBarrier();
      if (round == 0u) {
        // unroll
        for (var r = 0u; r < SIDE; r++) {
          weights[(ty + 8u * r) * STRIDE + tx] = change[r];
        }
      }
      // unroll
      for (var c = 0u; c < PAIR; c++) {
        let column = (round * PAIR + c) * 8u + tx;
        // unroll
        for (var i = 0u; i < 4u; i++) {
          tiles[c * TILE + (ty + 8u * i) * STRIDE + tx] = q[query_at[i] + column];
        }
      }
      workgroupBarrier();
      key_sum[round] = add_weighted(key_sum[round], local);
    }
  }
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    if (j0 + ty + 8u * r < p.keys) {
      let at = h % shared_by * groups.z * p.keys * p.kv_heads * D4 + key_at[r];
      // unroll
      for (var round = 0u; round < ROUNDS; round++) {
        // unroll
        for (var c = 0u; c < PAIR; c++) {
          let column = (round * PAIR + c) * 8u + tx;
          if (inside(column)) {
            dk[at + column] = key_sum[round][r * PAIR + c] * p.scale;
            dv[at + column] = value_sum[round][r * PAIR + c];
          }
        }
      }
    }
  }
}
