// attention.wgsl tiled for GPUs: keys and values are fetched once for 8·SIDE queries, with the same formulas, shapes and parameters.
// One workgroup: 8·SIDE queries of one head, 32 keys at a time (common/attention_tiles, common/key_walk).

@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tx = local % 8u;
  let ty = local / 8u;
  // x: heads, y: tiles of queries (the last ones first, because they see the most keys), z: batch rows
  let t0 = (groups.y - 1u - group.y) * 8u * SIDE;
  let h = group.x;
  let row0 = group.z * p.length;
  let key0 = group.z * p.keys;
  let kv_head = h / (p.heads / p.kv_heads);
  var query_at: array<u32, SIDE>;
  var range: array<vec2<u32>, SIDE>;
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    let m = row0 + min(t0 + ty + 8u * r, p.length - 1u);
    query_at[r] = (m * p.heads + h) * D4;
    range[r] = ranges[m];
    if (tx == 0u) { note_range(range[r]); }
  }
  let walk = key_walk(local);
  var sum = array<array<vec4<f32>, SIDE * PAIR>, ROUNDS>();
  var highest = vec4<f32>(LOWEST);
  var total = vec4<f32>(0.0);
  for (var n = 0u; n < walk.tiles; n++) {
    let j0 = walk.first + n * 32u;
    var key_at: array<u32, 4>;
    // unroll
    for (var i = 0u; i < 4u; i++) {
      key_at[i] = ((key0 + min(j0 + ty * 4u + i, walk.end - 1u)) * p.kv_heads + kv_head) * D4;
    }
    var score = array<vec4<f32>, SIDE>();
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      let column = chunk * 8u + tx;
      workgroupBarrier();
      // unroll
      for (var r = 0u; r < SIDE; r++) {
        tiles[(ty + 8u * r) * STRIDE + tx] = select(vec4<f32>(0.0), q[query_at[r] + column] * p.scale, inside(column));
      }
      // unroll
      for (var i = 0u; i < 4u; i++) {
        tiles[TILE + (ty + 8u * i) * STRIDE + tx] = select(vec4<f32>(0.0), key4(key_at[i] + column), inside(column));
      }
      workgroupBarrier();
      score = add_scores(score, local);
    }
    let j = vec4<u32>(j0 + tx * 4u) + vec4<u32>(0u, 1u, 2u, 3u);
    let whole = j0 >= walk.whole_from && j0 + 32u <= walk.whole_end;
    var higher = vec4<f32>(HIDDEN);
    // unroll
    for (var r = 0u; r < SIDE; r++) {
      score[r] = capped(score[r]);
      if (!whole) {
        let seen = visible_keys(j, range[r], p.window);
        score[r] = select(vec4<f32>(HIDDEN), score[r], seen);
      }
      higher[r] = max(max(score[r].x, score[r].y), max(score[r].z, score[r].w));
    }
    lane_rows[local] = higher;
    workgroupBarrier();
    higher = highest;
    // unroll
    for (var i = 0u; i < 8u; i++) {
      higher = max(higher, lane_rows[ty * 8u + i]);
    }
    let keep = exp(highest - higher);
    highest = higher;
    total *= keep;
    // unroll
    for (var r = 0u; r < SIDE; r++) {
      let weight = exp(score[r] - highest[r]);
      weights[(ty + 8u * r) * STRIDE + tx] = weight;
      total[r] += dot(weight, vec4<f32>(1.0));
    }
    // unroll
    for (var round = 0u; round < ROUNDS; round++) {
      if (round > 0u) { workgroupBarrier(); }
      // unroll
      for (var c = 0u; c < PAIR; c++) {
        let column = (round * PAIR + c) * 8u + tx;
        // unroll
        for (var i = 0u; i < 4u; i++) {
          tiles[c * TILE + (ty + 8u * i) * STRIDE + tx] = value4(key_at[i] + column);
        }
        // unroll
        for (var r = 0u; r < SIDE; r++) {
          sum[round][r * PAIR + c] *= keep[r];
        }
      }
      workgroupBarrier();
      sum[round] = add_weighted(sum[round], local);
    }
  }
  workgroupBarrier();
  lane_rows[local] = total;
  workgroupBarrier();
  total = vec4<f32>(0.0);
  // unroll
  for (var i = 0u; i < 8u; i++) {
    total += lane_rows[ty * 8u + i];
  }
  // unroll
  for (var r = 0u; r < SIDE; r++) {
    if (t0 + ty + 8u * r < p.length) {
      let all = select(total[r], 1.0, total[r] == 0.0);
      // unroll
      for (var round = 0u; round < ROUNDS; round++) {
        // unroll
        for (var c = 0u; c < PAIR; c++) {
          let column = (round * PAIR + c) * 8u + tx;
          if (inside(column)) { y[query_at[r] + column] = sum[round][r * PAIR + c] / all; }
        }
      }
      if (tx == 0u) { lse[query_at[r] / D4 * 2u] = log(all) + highest[r]; }
    }
  }
}
