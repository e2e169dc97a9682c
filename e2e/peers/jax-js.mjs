// The workload in @jax-js/jax: `jit(valueAndGrad(loss))` over all parameters. Arrays are owned: `.ref` keeps one for another use.
import { browserLike } from './browser-like.mjs'
import { adapterName, serve, sumOfSquares } from './child.mjs'
import { normEpsilon, readModel, rotary, tokens, workloadNamed } from './workloads.mjs'

const [name, folder] = process.argv.slice(2)

/** @typedef {any} Arr */

async function start() {
  const gpu = await browserLike()
  const { numpy: np, nn, jit, valueAndGrad, init, defaultDevice, blockUntilReady, getWebGPUDevice, tree } = await import('@jax-js/jax')
  await init('webgpu')
  defaultDevice('webgpu')
  const w = workloadNamed(name)
  const headDim = w.hidden / w.heads
  const array = (/** @type {Float32Array | Int32Array} */ values, /** @type {number[]} */ shape) => np.array(values, { shape })

  /** @type {Record<string, Arr>} */
  const params = {}
  for (const [key, { shape, values }] of readModel(folder)) params[key] = array(values, shape)
  const { ids, targets } = tokens(w)
  const { cos, sin, half } = rotary(w)
  const data = {
    ids: array(ids, [w.batch * w.length]),
    targets: array(targets, [w.batch * w.length, 1]),
    cos: array(cos, [1, w.length, 1, half]),
    sin: array(sin, [1, w.length, 1, half]),
  }

  const linear = (/** @type {Arr} */ x, /** @type {Arr} */ weight) => np.matmul(x, np.transpose(weight.ref))
  const norm = (/** @type {Arr} */ x, /** @type {Arr} */ weight) => {
    const scale = np.reciprocal(np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(normEpsilon)))
    return x.mul(scale).mul(weight.ref)
  }
  /** @param {Arr} x @param {Arr} d */
  const rotated = (x, d) => {
    const [a, b] = np.split(x, 2, -1)
    const first = a.ref.mul(d.cos.ref).sub(b.ref.mul(d.sin.ref))
    return np.concatenate([first, b.mul(d.cos.ref).add(a.mul(d.sin.ref))], -1)
  }
  /** @param {Record<string, Arr>} p @param {string} layer @param {Arr} x @param {Arr} d */
  const block = (p, layer, x, d) => {
    const weight = (/** @type {string} */ part) => p[`model.layers.${layer}.${part}.weight`]
    const heads = (/** @type {Arr} */ t) => t.reshape([w.batch, w.length, w.heads, headDim])
    const h = norm(x.ref, weight('input_layernorm'))
    const q = rotated(heads(linear(h.ref, weight('self_attn.q_proj'))), d)
    const k = rotated(heads(linear(h.ref, weight('self_attn.k_proj'))), d)
    const v = heads(linear(h, weight('self_attn.v_proj')))
    const seen = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([w.batch * w.length, w.hidden])
    x = x.add(linear(seen, weight('self_attn.o_proj')))
    const m = norm(x.ref, weight('post_attention_layernorm'))
    const gate = nn.silu(linear(m.ref, weight('mlp.gate_proj')))
    return x.add(linear(gate.mul(linear(m, weight('mlp.up_proj'))), weight('mlp.down_proj')))
  }
  const loss = (/** @type {Record<string, Arr>} */ p, /** @type {Arr} */ d) => {
    const embed = p['model.embed_tokens.weight']
    let x = np.take(embed.ref, d.ids, 0)
    for (let i = 0; i < w.layers; i++) x = block(p, String(i), x, d)
    const logits = linear(norm(x, p['model.norm.weight']), embed)
    // nn.oneHot would make a V × V identity matrix, so a mask picks the targets' logits instead.
    const mask = np.equal(d.targets, np.arange(w.vocab).reshape([1, w.vocab]))
    const picked = np.where(mask, logits.ref, 0).sum(-1)
    const mean = nn.logsumexp(logits, -1).sub(picked).mean()
    tree.dispose(p)
    d.cos.dispose()
    d.sin.dispose()
    return mean
  }
  const both = jit(valueAndGrad(loss))
  const step = async () => {
    const [value, gradients] = both(tree.ref(params), tree.ref(data))
    await blockUntilReady(gradients)
    await getWebGPUDevice().queue.onSubmittedWorkDone()
    return { loss: (await value.data())[0], gradients }
  }
  return {
    adapter: await adapterName(gpu),
    steps: {
      step: async () => {
        const { loss, gradients } = await step()
        tree.dispose(gradients)
        return { loss }
      },
      norm: async () => {
        const { loss, gradients } = await step()
        let squares = 0
        for (const gradient of tree.leaves(gradients)) squares += sumOfSquares(await gradient.data())
        return { loss, gradNorm: Math.sqrt(squares) }
      },
      optimizer: undefined,
    },
  }
}

await serve(start)
