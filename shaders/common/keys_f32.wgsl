// Keys and values of attention as they are computed: f32 [B · Tk, K, D].

@group(0) @binding(2) var<storage, read_write> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;

fn key4(at: u32) -> vec4<f32> {
  return k[at];
}

fn value4(at: u32) -> vec4<f32> {
  return v[at];
}
