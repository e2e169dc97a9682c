// counts[e] = how often expert e was chosen.
//   chosen: u32 [slots], counts: u32 [experts]
// One workgroup: one expert; its threads share the slots.

struct Params { slots: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> chosen: array<u32>;
@group(0) @binding(2) var<storage, read_write> counts: array<u32>;

var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var count = 0u;
  for (var i = lane; i < p.slots; i += 64u) {
    if (chosen[i] == group.x) { count++; }
  }
  found[lane] = count;
  workgroupBarrier();
  if (lane > 0u) { return; }
  var all = 0u;
  for (var l = 0u; l < 64u; l++) {
    all += found[l];
  }
  counts[group.x] = all;
}
