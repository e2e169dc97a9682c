// Which keys a tile of queries walks over, the same for all threads of the workgroup: 32 at a time, without those that none of
// the queries sees. Where a window leaves a gap behind the prefix, the keys of the prefix come first, in tiles of their own.

struct Walk {
  first: u32,
  first_end: u32,   // of the keys in front of the gap
  first_tiles: u32,
  behind: u32,
  end: u32,
  tiles: u32,       // all
  whole_from: u32,  // keys from here to whole_end are seen by every query
  whole_end: u32,
}

/// Largest of what the queries see; complements where the smallest is wanted.
var<workgroup> extremes: array<atomic<u32>, 5>;
var<workgroup> walk_of_all: Walk;

/// For each query of the tile, by any thread.
fn note_range(range: vec2<u32>) {
  let near = window_start(range, p.window);
  atomicMax(&extremes[0], ~range.x);
  atomicMax(&extremes[1], ~near);
  atomicMax(&extremes[2], range.y);
  atomicMax(&extremes[3], near);
  atomicMax(&extremes[4], ~range.y);
}

/// Once all are noted; every thread must call it.
fn key_walk(local: u32) -> Walk {
  workgroupBarrier();
  if (local == 0u) {
    let first = ~atomicLoad(&extremes[0]);
    let near = ~atomicLoad(&extremes[1]);
    let end = atomicLoad(&extremes[2]);
    let start = select(near, first, first < p.prefix);
    let gap = first < p.prefix && near > p.prefix;
    let first_end = select(start, max(start, min(end, p.prefix)), gap);
    let behind = select(start, near, gap);
    let first_tiles = (first_end - start + 31u) / 32u;
    let tiles = first_tiles + (max(end, behind) - behind + 31u) / 32u;
    walk_of_all = Walk(start, first_end, first_tiles, behind, end, tiles, atomicLoad(&extremes[3]), ~atomicLoad(&extremes[4]));
  }
  return workgroupUniformLoad(&walk_of_all);
}

/// The first key of tile n, and where its keys end.
fn key_tile(walk: Walk, n: u32) -> vec2<u32> {
  if (n < walk.first_tiles) { return vec2<u32>(walk.first + n * 32u, walk.first_end); }
  return vec2<u32>(walk.behind + (n - walk.first_tiles) * 32u, walk.end);
}
