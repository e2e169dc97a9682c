// What all attention kernels are given: parameters, queries, keys, values, and the keys that each query sees.
//   q: f32 [B · T, H, D], k, v: f32 [B · Tk, K, D], ranges: vec2<u32> [B · T]

struct Params { length: u32, keys: u32, heads: u32, kv_heads: u32, scale: f32, prefix: u32, window: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> ranges: array<vec2<u32>>;
