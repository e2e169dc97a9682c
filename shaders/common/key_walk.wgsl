// Which keys a tile of queries walks over, the same for all threads of the workgroup: 32 at a time, without those that none of
// the queries sees.

struct Walk {
  first: u32,
  end: u32,
  tiles: u32,
  whole_from: u32,  // keys from here to whole_end are seen by every query
  whole_end: u32,
}

/// Largest of what the queries see; complements where the smallest is wanted.
var<workgroup> extremes: array<atomic<u32>, 4>;
var<workgroup> walk_of_all: Walk;

/// For each query of the tile, by any thread.
fn note_range(range: vec2<u32>) {
  let near = window_start(range, p.window);
  atomicMax(&extremes[0], ~near);
  atomicMax(&extremes[1], range.y);
  atomicMax(&extremes[2], near);
  atomicMax(&extremes[3], ~range.y);
}

/// Once all are noted; every thread must call it.
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

