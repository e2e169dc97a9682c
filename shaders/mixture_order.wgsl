// Sorts the slots (a token's j-th expert is slot m · k + j) by expert and, within an expert, by their number, so that the same choices
// give the same order. Divides the rows of each expert into tiles; tiles that are left over name no expert.
//   chosen: u32 [slots], counts: u32 [experts]; place: u32 [slots], the sorted row of each slot; slot_of: u32 [slots], the slot of each row;
//   starts: u32 [experts + 1], the first row of each expert; tiles: u32 [tiles, 3], expert, first row and end of its rows
// One workgroup: one expert; each of its threads takes consecutive slots.

struct Params { slots: u32, experts: u32, tiles: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;
@group(0) @binding(3) var<storage, read_write> place: array<u32>;
@group(0) @binding(4) var<storage, read_write> slot_of: array<u32>;
@group(0) @binding(5) var<storage, read_write> starts: array<u32>;
@group(0) @binding(6) var<storage, read_write> tiles: array<u32>;

var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let expert = group.x;
  let share = (p.slots + 63u) / 64u;
  let begin = min(lane * share, p.slots);
  let stop = min(begin + share, p.slots);
  var count = 0u;
  for (var i = begin; i < stop; i++) {
    if (chosen[i] == expert) { count++; }
  }
  found[lane] = count;
  workgroupBarrier();
  var first = 0u;
  var tile = 0u;
  for (var e = 0u; e < expert; e++) {
    first += counts[e];
    tile += (counts[e] + TILE - 1u) / TILE;
  }
  let end = first + counts[expert];
  var row = first;
  for (var l = 0u; l < lane; l++) {
    row += found[l];
  }
  for (var i = begin; i < stop; i++) {
    if (chosen[i] != expert) { continue; }
    place[i] = row;
    slot_of[row] = i;
    row++;
  }
  let own = (counts[expert] + TILE - 1u) / TILE;
  for (var t = lane; t < own; t += 64u) {
    let at = 3u * (tile + t);
    tiles[at] = expert;
    tiles[at + 1u] = first + t * TILE;
    tiles[at + 2u] = min(first + t * TILE + TILE, end);
  }
  if (lane == 0u) { starts[expert] = first; }
  if (expert + 1u < p.experts) { return; }
  if (lane == 0u) { starts[p.experts] = end; }
  for (var t = tile + own + lane; t < p.tiles; t += 64u) {
    tiles[3u * t] = p.experts;
    tiles[3u * t + 1u] = end;
    tiles[3u * t + 2u] = end;
  }
}
