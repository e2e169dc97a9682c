// out[s, n, k] = scale · Σ_{m in split s} dy[m, n] · x[m, k]: the gradient of a weight, cut into splits over the rows
// so that thin matrices (LoRA) keep a GPU busy; split_sum adds them up. With one split it adds to the gradient itself.
//   dy: f32 [M, stride ≥ N], x: f32 [M, K], out: f32 [splits, N, K]; any N and K
// One thread: 4 × 4 weights of one split.

@group(0) @binding(1) var<storage, read_write> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;

fn store(at: u32, n: u32, k: u32, value: vec4<f32>) {
  if (n >= p.n) { return; }
  for (var j = 0u; j < min(4u, p.k - k); j++) {
    let i = at + n * p.k + k + j;
    if (p.accumulate == 1u) { out[i] += value[j] * p.scale; } else { out[i] = value[j] * p.scale; }
  }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let k = id.x * 4u;
  let n = id.y * 4u;
  if (k >= p.k || n >= p.n) { return; }
  let start = id.z * p.split_rows;
  let end = min(start + p.split_rows, p.rows);
  var a0 = vec4<f32>(0.0);
  var a1 = vec4<f32>(0.0);
  var a2 = vec4<f32>(0.0);
  var a3 = vec4<f32>(0.0);
  // Beyond the last row or column, the last one is read again, and `store` ignores it.
  let k1 = min(k + 1u, p.k - 1u) - k;
  let k2 = min(k + 2u, p.k - 1u) - k;
  let k3 = min(k + 3u, p.k - 1u) - k;
  let n1 = min(n + 1u, p.n - 1u) - n;
  let n2 = min(n + 2u, p.n - 1u) - n;
  let n3 = min(n + 3u, p.n - 1u) - n;
  for (var m = start; m < end; m++) {
    let xi = m * p.k + k;
    let yi = m * p.stride + n;
    let v = vec4<f32>(x[xi], x[xi + k1], x[xi + k2], x[xi + k3]);
    a0 += dy[yi] * v;
    a1 += dy[yi + n1] * v;
    a2 += dy[yi + n2] * v;
    a3 += dy[yi + n3] * v;
  }
  let at = id.z * p.n * p.k;
  store(at, n, k, a0);
  store(at, n + 1u, k, a1);
  store(at, n + 2u, k, a2);
  store(at, n + 3u, k, a3);
}
