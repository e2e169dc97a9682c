// Which keys a tile of queries goes through, the same for all threads of the workgroup: 32 at a time, without those that none of
// its queries sees.

struct Walk {
  first: u32,
  end: u32,
  tiles: u32,
  whole_from: u32,  // every query sees the keys from here to whole_end
  whole_end: u32,
}

/// Maxima over the queries; a minimum is stored as the maximum of the complement.
var<workgroup> extremes: array<atomic<u32>, 4>;
var<workgroup> walk_of_all: Walk;

/// Call it for each query of the tile, from any thread.
fn note_range(range: vec2<u32>) {
  let near = window_start(range, p.window);
  atomicMax(&extremes[0], ~near);
  atomicMax(&extremes[1], range.y);
  atomicMax(&extremes[2], near);
  atomicMax(&extremes[3], ~range.y);
}

/// Call it after all queries are noted; every thread must call it.
fn key_walk(local: u32) -> Walk {
  workgroupBarrier();
  if (local == 0u) {
    let first = ~atomicLoad(&extremes[0]);
    let end = atomicLoad(&extremes[1]);
    let tiles = (max(end, first) - first + 31u) / 32u;
    walk_of_all = Walk(first, end, tiles, atomicLoad(&extremes[2]), ~atomicLoad(&extremes[3]));
  }
  return workgroupUniformLoad(&walk_of_all);
}

