// The workload in TensorFlow.js on its WebGPU backend: `tf.valueAndGrads` over all parameters.
import { browserLike } from './browser-like.mjs'
import { adapterName, serve, sumOfSquares } from './child.mjs'
import { normEpsilon, readModel, rotary, tokens, workloadNamed } from './workloads.mjs'

const [name, folder] = process.argv.slice(2)

/** @typedef {any} Tensor */

async function start() {
  const gpu = await browserLike()
  const tf = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-core/dist/register_all_gradients')
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs: its WebGPU backend did not start')
  await tf.ready()
  const w = workloadNamed(name)
  const headDim = w.hidden / w.heads
  const rows = w.batch * w.length

  const weights = readModel(folder)
  const names = [...weights.keys()]
  const values = [...weights.values()].map((t) => tf.tensor(t.values, t.shape))
  const { ids, targets } = tokens(w)
  const { cos, sin, half } = rotary(w)
  const idTensor = tf.tensor1d(ids, 'int32')
  const targetTensor = tf.tensor2d(targets, [rows, 1], 'int32')
  const classes = tf.reshape(tf.range(0, w.vocab, 1, 'int32'), [1, w.vocab])
  const [cosTensor, sinTensor] = [cos, sin].map((t) => tf.tensor(t, [1, 1, w.length, half]))
  const future = Float32Array.from({ length: w.length ** 2 }, (_, i) => (i % w.length > Math.floor(i / w.length) ? -1e9 : 0))
  const causal = tf.tensor(future, [1, 1, w.length, w.length])

  const linear = (/** @type {Tensor} */ x, /** @type {Tensor} */ weight) => tf.matMul(x, weight, false, true)
  const norm = (/** @type {Tensor} */ x, /** @type {Tensor} */ weight) =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), normEpsilon))), weight)
  const heads = (/** @type {Tensor} */ x) => tf.transpose(tf.reshape(x, [w.batch, w.length, w.heads, headDim]), [0, 2, 1, 3])
  const rotated = (/** @type {Tensor} */ x) => {
    const [a, b] = tf.split(x, 2, -1)
    const [ac, as, bc, bs] = [tf.mul(a, cosTensor), tf.mul(a, sinTensor), tf.mul(b, cosTensor), tf.mul(b, sinTensor)]
    return tf.concat([tf.sub(ac, bs), tf.add(bc, as)], -1)
  }
  /** @param {(part: string) => Tensor} weight @param {Tensor} x */
  const block = (weight, x) => {
    const h = norm(x, weight('input_layernorm'))
    const q = rotated(heads(linear(h, weight('self_attn.q_proj'))))
    const k = rotated(heads(linear(h, weight('self_attn.k_proj'))))
    const v = heads(linear(h, weight('self_attn.v_proj')))
    const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(headDim)), causal)
    const seen = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [rows, w.hidden])
    x = tf.add(x, linear(seen, weight('self_attn.o_proj')))
    const m = norm(x, weight('post_attention_layernorm'))
    const gate = linear(m, weight('mlp.gate_proj'))
    const inner = tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(m, weight('mlp.up_proj')))
    return tf.add(x, linear(inner, weight('mlp.down_proj')))
  }
  const loss = (/** @type {Tensor[]} */ ...params) => {
    const of = (/** @type {string} */ key) => params[names.indexOf(key)]
    const embed = of('model.embed_tokens.weight')
    let x = tf.gather(embed, idTensor)
    for (let i = 0; i < w.layers; i++) x = block((part) => of(`model.layers.${i}.${part}.weight`), x)
    const logits = linear(norm(x, of('model.norm.weight')), embed)
    const picked = tf.sum(tf.mul(logits, tf.cast(tf.equal(targetTensor, classes), 'float32')), -1)
    return tf.mean(tf.sub(tf.logSumExp(logits, -1), picked))
  }
  const both = tf.valueAndGrads(loss)
  const step = async () => {
    const { value, grads } = both(values)
    const loss = (await value.data())[0]
    // Reading the loss flushed the queue, but the gradients after it must be computed too.
    await tf.backend().device.queue.onSubmittedWorkDone()
    value.dispose()
    return { loss, grads }
  }
  return {
    adapter: await adapterName(gpu),
    steps: {
      step: async () => {
        const { loss, grads } = await step()
        tf.dispose(grads)
        return { loss }
      },
      norm: async () => {
        const { loss, grads } = await step()
        let squares = 0
        for (const gradient of grads) squares += sumOfSquares(await gradient.data())
        tf.dispose(grads)
        return { loss, gradNorm: Math.sqrt(squares) }
      },
      optimizer: undefined,
    },
  }
}

await serve(start)
