// Keys and values of attention from a cache: f16 [B · Tk, K, D], two to a word (cache_write.wgsl).

@group(0) @binding(2) var<storage, read_write> k: array<vec2<u32>>;
@group(0) @binding(3) var<storage, read_write> v: array<vec2<u32>>;

fn key4(at: u32) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(k[at].x), unpack2x16float(k[at].y));
}

fn value4(at: u32) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(v[at].x), unpack2x16float(v[at].y));
}
