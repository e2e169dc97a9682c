// Every shader compiles, in every composition that the ops make of it, without an error or a warning.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { weightFormat, weightFormats } from '../formats/quant/registry'
import type { WeightFormat } from '../formats/quant/weight-format'
import { exactGelu, quickGelu, reluOf, silu, squaredRelu } from '../ops/activate'
import { add, tapeKernels } from '../ops/add'
import { attention } from '../ops/attention'
import { addBias } from '../ops/bias'
import { cacheWrite } from '../ops/cache'
import { countRight } from '../ops/count-right'
import { headLoss } from '../ops/cross-entropy'
import { doraScale, rowNorms } from '../ops/dora'
import { dropout } from '../ops/dropout'
import { embedding, virtualTokens } from '../ops/embedding'
import { packedExperts, trainedExperts } from '../ops/expert-weight'
import { addGated } from '../ops/gate'
import { gatherColumns } from '../ops/gather-columns'
import { geglu } from '../ops/geglu'
import { gelu } from '../ops/gelu'
import { layerNorm, plainLayerNorm } from '../ops/layer-norm'
import { lstm } from '../ops/lstm'
import { matmul } from '../ops/matmul'
import { expertProduct, fromExperts, route, toExperts } from '../ops/mixture'
import { optimizerStep } from '../ops/optimizer'
import { pairScores } from '../ops/pair-scores'
import { placeRows } from '../ops/place-rows'
import { finished } from '../ops/program-of'
import { relu } from '../ops/relu'
import { rmsNorm } from '../ops/rms-norm'
import { rope } from '../ops/rope'
import { expertGates, routerGates } from '../ops/router'
import { prependRows, repeatRows } from '../ops/rows'
import { scale } from '../ops/scale'
import { scaleColumns } from '../ops/scale-columns'
import { reshape, splitColumns } from '../ops/shape'
import { softCapInto } from '../ops/soft-cap'
import { swiglu } from '../ops/swiglu'
import { tanh } from '../ops/tanh'
import { embedTokenRows, tokenLogits } from '../ops/token-rows'
import { unitRows } from '../ops/unit-rows'
import { type Weight, readerParts, sharedReaderParts, trainableWeight } from '../ops/weight'
import { wholeRanges } from '../ops/whole-ranges'
import { xielu } from '../ops/xielu'
import { Parameters } from '../tensor/parameters'
import { Recorder } from '../tensor/recorder'
import { type DType, type Tensor, count, slotTensor } from '../tensor/tensor'
import { octets, openTestGpu, testProfiles } from '../testing/device'
import { lacksF16, lacksMatrices } from '../testing/fast-products'
import type { Gpu } from './gpu'
import { type Kernel, kernelKey, kernelText } from './kernel'
import type { MatrixForm } from './matrix-units'
import type { Profile } from './profile'
import { shaderNames, shaderText } from './shaders'

let gpu: Gpu
beforeAll(async () => {
  gpu = await openTestGpu()
})
afterAll(() => gpu?.destroy())

async function messagesOf(code: string): Promise<string[]> {
  gpu.device.pushErrorScope('validation')
  const info = await gpu.device.createShaderModule({ code }).getCompilationInfo()
  await gpu.device.popErrorScope()
  return info.messages.map((m) => `${m.type}: ${m.message}`)
}

/** @throws unless all of them compile in silence */
async function expectSilence(kernels: readonly Kernel[]): Promise<void> {
  const said = await Promise.all(
    kernels.map(async (kernel) => (await messagesOf(kernelText(kernel))).map((message) => `${kernelKey(kernel)}: ${message}`)),
  )
  expect(said.flat()).toEqual([])
}

function input(label: string, shape: readonly number[], dtype: DType = 'f32', trained = false): Tensor {
  const tensor = slotTensor({ label, purpose: 'inputs', sizeBytes: count(shape) * 4 }, shape, dtype)
  if (trained) {
    tensor.requiresGrad = true
    tensor.grad = slotTensor({ label: `d ${label}`, purpose: 'gradients', sizeBytes: count(shape) * 4 }, shape)
  }
  return tensor
}

const headDims = [4, 6, 8, 16, 20, 24, 36, 64, 80, 100, 128, 256]

/** Records every op once, forward and backward, over `rows` rows, `width` numbers each where the op does not ask for others. */
function everyOp(profile: Profile, rows: number, width: number): Kernel[] {
  const r = new Recorder(profile, tapeKernels, true)
  const x = (label: string, columns = width) => input(label, [rows, columns], 'f32', true)
  const weight = (n: number, k: number) => trainableWeight(input('w', [n, k], 'f32', true))
  const numbers = (label: string, dtype: DType = 'u32') => input(label, [rows], dtype)
  const finish = (y: Tensor) => {
    r.passGrad(y, r.empty('dy', y.shape))
    r.backward()
  }
  const state = input('state', [64])
  const metrics = input('metrics', [8])
  finish(add(r, x('a'), x('b')))
  finish(addBias(r, x('x'), input('bias', [width], 'f32', true)))
  finish(dropout(r, x('x'), 0.1, 1, state))
  finish(swiglu(r, x('gate'), x('up')))
  finish(geglu(r, x('gate'), x('up')))
  finish(gelu(r, x('x')))
  finish(layerNorm(r, x('x'), input('norm', [width], 'f32', true), input('bias', [width], 'f32', true), 1e-5))
  finish(scale(r, add(r, x('a'), x('b')), 3))
  finish(reshape(r, x('x'), [rows * 2, width / 2]))
  const [left, right] = splitColumns(r, x('x'), [16, width - 16])
  r.passGrad(left, r.empty('dy', left.shape))
  finish(right)
  finish(splitColumns(r, x('x'), [16, width - 16])[1])
  softCapInto(r, x('logits'), 30)
  finish(tanh(r, x('x')))
  finish(relu(r, x('x')))
  for (const activation of [exactGelu, quickGelu, reluOf, silu, squaredRelu]) finish(activation(r, x('x')))
  finish(plainLayerNorm(r, x('x'), 1e-5))
  finish(prependRows(r, input('prefix', [5, width], 'f32', true), x('x'), 1))
  finish(repeatRows(r, x('x'), 2))
  finish(unitRows(r, x('x')))
  for (const own of [false, true]) {
    const texts = input('texts', [own ? rows * 3 : 3, width], 'f32', true)
    finish(pairScores(r, x('pictures'), texts, input('scale', [1]), own))
  }
  const placed = () => [input('rows', [1, width], 'f32', true), input('places', [1, 1], 'u32')] as const
  finish(placeRows(r, input('frozen', [rows, width]), ...placed()))
  finish(placeRows(r, add(r, x('a'), x('b')), ...placed(), true))
  const number = (name: string) => input(name, [1], 'f32', true)
  finish(xielu(r, x('x'), { alphaP: number('up'), alphaN: number('down'), beta: number('beta'), epsilon: number('epsilon') }))
  finish(addGated(r, x('y'), x('x'), input('gate', [1], 'f32', true)))
  const direction = () => ({ gates: x('gates', 32), weight: input('w', [32, 8], 'f32', true) })
  finish(lstm(r, direction(), direction()))
  wholeRanges(r, rows, 5)
  for (const offset of [0, 1]) finish(rmsNorm(r, x('x'), input('norm', [width], 'f32', true), 1e-5, offset))
  finish(scaleColumns(r, x('x'), input('l', [width], 'f32', true)))
  finish(gatherColumns(r, input('a', [3, 128], 'f32', true), numbers('ids')))
  for (const bias of [undefined, input('bias', [width])]) {
    const inner = width + 4
    const norms = rowNorms(r, weight(width, inner), { a: input('a', [3, inner]), b: input('b', [width, 3]), scale: 2 })
    finish(doraScale(r, x('y'), input('m', [width], 'f32', true), norms, bias))
  }
  const inputs = () => ({ rows: numbers('rows'), place: numbers('place'), targets: numbers('targets', 'i32'), state, metrics })
  countRight(r, inputs(), x('scores'), { first: 0, rows, classes: 3 })
  const experts = expertGates(
    r,
    [x('a0', 3), x('a1', 3), x('a2', 3)],
    routerGates(r, x('z', 3), 2, { weight: 0.01, inputs }, { counts: input('counts', [3]), inputs }),
  )
  for (const y of experts.slice(1)) r.passGrad(y, r.empty('dy', y.shape))
  finish(experts[0])
  for (const normalised of [true, false]) {
    const routing = route(r, x('z', 3), { topK: 2, normalised })
    const matrices = trainedExperts('experts', [input('w', [width, width], 'f32', true)])
    finish(fromExperts(r, expertProduct(r, toExperts(r, x('x'), routing), matrices, routing), routing))
  }
  for (const [n, k] of [
    [64, 64],
    [3, 64],
    [64, 3],
    [64, 68],
    [8, 256],
    [256, 8],
    [37, 18],
  ])
    for (const into of [undefined, input('into', [rows, n])]) finish(matmul(r, x('x', k), weight(n, k), { into }))
  finish(matmul(r, x('x'), packed(weightFormat('nf4'), 64, width)))
  finish(matmul(r, matmul(r, x('x'), weight(8, width)), weight(72, 8), { into: matmul(r, x('x'), weight(72, width)) }))
  for (const headDim of headDims) {
    const heads = x('heads', 2 * headDim)
    const shape = { batch: 1, length: rows, keys: rows, heads: 2, kvHeads: 1, headDim }
    finish(rope(r, x('q', headDim), numbers('positions'), input('table', [rows, headDim]), { headDim }))
    finish(rope(r, x('q', headDim), numbers('positions'), input('table', [rows, headDim]), { headDim, neighbours: true }))
    finish(attention(r, heads, x('k', headDim), x('v', headDim), input('ranges', [rows, 2], 'u32'), shape))
    finish(attention(r, heads, x('k', headDim), x('v', headDim), input('ranges', [rows, 2], 'u32'), { ...shape, window: 8, softCap: 50 }))
    const cached = () => input('cache', [rows, headDim / 2], 'u32')
    for (const softCap of [undefined, 50])
      attention(r, input('q', [rows, 2 * headDim]), cached(), cached(), input('ranges', [rows, 2], 'u32'), {
        ...shape,
        halves: true,
        softCap,
      })
  }
  finish(
    virtualTokens(r, embedding(r, numbers('ids'), weight(128, width)), numbers('ids'), input('prompt', [1, width], 'f32', true), 128, 1),
  )
  for (const [vocab, gradient, cap] of [
    [127, false, 0],
    [127, true, 0],
    [127, true, 30],
    [4100, false, 0],
    [4100, true, 30],
  ] as const)
    headLoss(r, x('hidden'), weight(vocab, width), inputs(), gradient, { cap })
  const tokens = () => ({ tokens: input('tokens', [3, 2], 'u32'), rows: input('rows', [3, width], 'f32', true) })
  finish(embedTokenRows(r, x('x'), numbers('ids'), tokens()))
  finish(tokenLogits(r, x('x'), tokens(), x('logits', 128)))
  cacheWrite(r, input('at', [1], 'u32'), x('new', 16), input('cache', [rows + 1, 8], 'u32'))
  // A residual whose gradient is shared has to be copied before an op turns it in place.
  const shared = add(
    r,
    x('a'),
    rope(r, matmul(r, x('x'), weight(width, width)), numbers('positions'), input('table', [rows, width]), { headDim: width }),
  )
  finish(add(r, shared, matmul(r, shared, weight(width, width))))
  for (const maps of [undefined, new Float32Array(512)]) {
    const parameters = new Parameters(true, 2 ** 27, false, false, maps)
    parameters.add({ name: 'p', shape: [4096], values: new Float32Array(4096), decay: true })
    optimizerStep(r, parameters, state, metrics)
  }
  return finished(r.launches).map((l) => l.kernel)
}

/** Those of several rows, of a width that is a multiple of 4 and of one that is not. */
function everyKernel(profile: Profile, rows = [1, 65, 200]): Kernel[] {
  return [64, 18].flatMap((width) => rows.flatMap((n) => everyOp(profile, n, width)))
}

function packed(format: WeightFormat, rows: number, cols: number): Weight {
  return {
    name: format.label,
    shape: [rows, cols],
    format: format.id,
    reader: format.reader(cols),
    parts: [{ firstRow: 0, rows, tensor: input('packed', [4], 'u32') }],
  }
}

const limits = { maxBindingBytes: 2 ** 27, maxBufferBytes: 2 ** 28 }
/** Fast products, for devices with f16. */
const inF16 = { name: 'hardware with halves', profile: { ...testProfiles.hardware, ...limits, halves: 'multiplied' } } as const
const onEveryDevice = [
  ...Object.entries(testProfiles).map(([name, shapes]) => ({ name, profile: { ...shapes, ...limits } })),
  { name: 'software with octets', profile: { ...octets, ...limits } },
  { name: 'software with halves', profile: { ...testProfiles.software, ...limits, halves: 'widened' } } as const,
]
/** Products by subgroup matrices, also of shapes that the device does not list: these are texts, and no pipelines are made. */
const byMatrices = (
  [
    ['f32', 8, 8, 8],
    ['f16', 8, 8, 8],
    ['f16', 16, 16, 16],
    ['f16', 16, 8, 16],
    ['f16', 8, 16, 16],
  ] as const
).map(([factors, m, n, k]) => {
  const form: MatrixForm = { factors, m, n, k, rows: 32, lanes: 32, pinned: m === 16 }
  const use = factors === 'f16' ? ({ halves: 'multiplied', matrices: { fast: form } } as const) : { matrices: { exact: form } }
  const profile: Profile = { ...testProfiles.hardware, ...limits, ...use }
  return { name: `hardware with subgroup matrices ${factors} ${m} × ${n} × ${k}`, profile }
})
const profiles: readonly { name: string; profile: Profile }[] = [...onEveryDevice, inF16, ...byMatrices]

/** Why a profile's kernels do not compile on the device. */
function lacking({ halves, matrices }: Profile): string | undefined {
  const reason = (halves === 'multiplied' ? lacksF16(gpu) : undefined) ?? (matrices && lacksMatrices(gpu, 'f16'))
  const pinned = matrices?.fast?.pinned ?? matrices?.exact?.pinned
  return reason ?? (pinned && !gpu.device.features.has('subgroup-size-control') ? `${gpu.name} has no subgroup-size-control` : undefined)
}

describe('shaders', () => {
  it('a shader that draws a warning, or an error, is noticed', async () => {
    expect(await messagesOf('@compute @workgroup_size(1) fn main() { return; var x = 1; x = 2; }')).toEqual([
      expect.stringContaining('warning'),
    ])
    expect(await messagesOf('@compute @workgroup_size(1) fn main() { missing(); }')).toEqual([expect.stringContaining('error')])
  })

  for (const { name, profile } of profiles)
    it(`all ops under the ${name} profile`, async ({ skip }) => {
      if (lacking(profile)) return skip(lacking(profile))
      const kernels = new Map(everyKernel(profile).map((k) => [kernelKey(k), k]))
      await expectSilence([...kernels.values()])
    })

  it('what measures the adapter', () => expectSilence([{ file: 'multiply_add', parts: ['common/index'] }]))

  it('every shader file with an entry point is one of those', () => {
    const used = new Set(profiles.flatMap(({ profile }) => everyKernel(profile).map((k) => k.file)))
    const own = shaderNames.filter((name) => shaderText(name).includes('@compute'))
    // decode_weights unpacks weights for tests and exports, and is compiled with every reader below; multiply_add measures the adapter.
    expect([...used, 'decode_weights', 'multiply_add'].sort()).toEqual([...own].sort())
  })

  it('every reader belongs to a format, and every snippet is used', () => {
    const kernels = profiles.flatMap(({ profile }) => everyKernel(profile, [65]))
    const readers = weightFormats.flatMap((f) => [f.reader(8), f.reader(7)])
    const read = readers.flatMap((reader) => [
      ...sharedReaderParts({ reader }),
      ...profiles.flatMap(({ profile }) => readerParts(profile, { reader })),
    ])
    const parts = new Set([...kernels.flatMap((k) => k.parts ?? []), ...read])
    expect([...parts].sort()).toEqual(shaderNames.filter((name) => !shaderText(name).includes('@compute')).sort())
  })

  for (const format of weightFormats)
    it(`${format.label} in every product, embedding and unpacking`, async () => {
      // Widths whose rows end within 8, 16 or 64 weights, where the format allows it.
      const widths = [256, 100, 68, 18, 37].filter((cols) => cols % format.blockWeights === 0 || format.blockBytes === 0)
      const kernels: Kernel[] = []
      for (const cols of widths) {
        for (const { profile } of profiles.filter((each) => !lacking(each.profile)))
          for (const rows of [1, 65]) {
            const r = new Recorder(profile, tapeKernels)
            const weight = packed(format, 96, cols)
            for (const into of [undefined, input('into', [rows, 96])]) {
              const y = matmul(r, input('x', [rows, cols], 'f32', true), weight, { into })
              r.passGrad(y, r.empty('dy', y.shape))
              r.backward()
            }
            embedding(r, input('ids', [rows], 'u32'), weight)
            const routing = route(r, input('z', [rows, 3]), { topK: 2, normalised: true })
            const rowsByExpert = toExperts(r, input('x', [rows, cols], 'f32', true), routing)
            const y = expertProduct(r, rowsByExpert, packedExperts(weight, 32), routing)
            r.passGrad(y, r.empty('dy', y.shape))
            r.backward()
            kernels.push(...finished(r.launches).map((l) => l.kernel))
          }
        for (const EIGHT of [true, false])
          kernels.push({
            file: 'decode_weights',
            parts: format.reader(cols),
            constants: { W_ROWS: 96, W_COLS: cols, COLS_MOD_8: cols % 8, EIGHT },
          })
      }
      const files = new Set(kernels.map((k) => k.file))
      for (const file of [
        'matmul',
        'matmul_tiled',
        'matmul_halves',
        'matmul_input',
        'matmul_input_tiled',
        'matmul_input_halves',
        'matvec',
        'embedding',
        'mixture_product',
        'mixture_product_input',
      ])
        expect(files).toContain(file)
      await expectSilence([...new Map(kernels.map((k) => [kernelKey(k), k])).values()])
    })
})
