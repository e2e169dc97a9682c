// Index of an invocation over a grid that may be folded into two dimensions (65,535 workgroups a dimension).

const GROUP: u32 = 64u;

fn linear_index(group: vec3<u32>, groups: vec3<u32>, local: u32) -> u32 {
  return (group.y * groups.x + group.x) * GROUP + local;
}
