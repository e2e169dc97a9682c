// The inputs of all attention kernels: parameters, queries, and the keys that each query sees; keys and values are in keys_*.wgsl.
//   q: f32 [B · T, H, D], ranges: vec2<u32> [B · T]

struct Params { length: u32, keys: u32, heads: u32, kv_heads: u32, scale: f32, prefix: u32, window: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> ranges: array<vec2<u32>>;
