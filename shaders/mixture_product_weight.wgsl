// dw_e[c, k] += scale · Σ_rows dy[row, c] · x[row, k] over the rows of each expert: the gradient of trained matrices.
//   starts: u32 [experts + 1] (mixture_order), dy: f32 [rows, n], x: f32 [rows, K], dw: f32, the experts' matrices `apart` numbers from each other
// One thread: 4 × 4 weights of an expert.

struct Params { first: u32, n: u32, k: u32, apart: u32, scale: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> dw: array<f32>;

fn store(at: u32, c: u32, k: u32, value: vec4<f32>) {
  if (c >= p.n) { return; }
  for (var j = 0u; j < min(4u, p.k - k); j++) {
    dw[at + c * p.k + k + j] += value[j] * p.scale;
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let k = id.x * 4u;
  let c = id.y * 4u;
  if (k >= p.k || c >= p.n) { return; }
  let begin = starts[p.first + id.z];
  let end = starts[p.first + id.z + 1u];
  var a0 = vec4<f32>(0.0);
  var a1 = vec4<f32>(0.0);
  var a2 = vec4<f32>(0.0);
  var a3 = vec4<f32>(0.0);
  // Beyond the last row or column, the last one is read again, and `store` ignores it.
  let k1 = min(k + 1u, p.k - 1u) - k;
  let k2 = min(k + 2u, p.k - 1u) - k;
  let k3 = min(k + 3u, p.k - 1u) - k;
  let c1 = min(c + 1u, p.n - 1u) - c;
  let c2 = min(c + 2u, p.n - 1u) - c;
  let c3 = min(c + 3u, p.n - 1u) - c;
  for (var row = begin; row < end; row++) {
    let xi = row * p.k + k;
    let yi = row * p.n + c;
    let v = vec4<f32>(x[xi], x[xi + k1], x[xi + k2], x[xi + k3]);
    a0 += dy[yi] * v;
    a1 += dy[yi + c1] * v;
    a2 += dy[yi + c2] * v;
    a3 += dy[yi + c3] * v;
  }
  let at = id.z * p.apart;
  store(at, c, k, a0);
  store(at, c + 1u, k, a1);
  store(at, c + 2u, k, a2);
  store(at, c + 3u, k, a3);
}
