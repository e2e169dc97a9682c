// DoRA (Liu 2024, arXiv 2402.09353, section 4): y = m / ‖W + s B A‖ · (W x + s · B A x) + b. The norm is taken over each row and is
// constant in the backward pass (section 4.3). m starts as the norms of W's rows, so at the start the model computes what the base does.
import type { Field, SettingsOf } from '../config/field'
import type { Gpu } from '../gpu/gpu'
import type { Hooks } from '../models/hooks'
import { doraScale, rowNorms } from '../ops/dora'
import { dropout } from '../ops/dropout'
import { matmul } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import { type Fresh, declare } from './initial'
import { loraConfig, loraKeys, loraSettings } from './lora-config'
import { type LoraSite, loraSites, loraSpecs, magnitude, rankFields, targetNames, tiedNotice } from './lora-sites'
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type Tensors, checkApart, lowRank } from './merge'
import { type Base, type Merge, type RowChange, type SetUp, defineMethod } from './method'
import { tensorKey } from './tensor-keys'
import { frozenRows, newTokens, ownTensors, tokenChanges, tokenFields, tokenHooks, tokenSpecs, trainedTokens } from './token-rows'
import { loraRate } from './rates'

const fields = [...rankFields, ...tokenFields] as const satisfies readonly Field[]
type DoraSettings = SettingsOf<typeof fields>

const magnitudeKey = (site: string) => tensorKey(site, magnitude)

/** Norms of the rows of a matrix at the base precision, [N]. */
async function norms(base: Base, gpu: Gpu, name: string, rows: number): Promise<Float32Array> {
  const values = await base.unpacked(gpu, name)
  const cols = values.length / rows
  return Float32Array.from({ length: rows }, (_, n) => {
    let sum = 0
    for (let i = n * cols; i < (n + 1) * cols; i++) sum += values[i] ** 2
    return Math.sqrt(sum)
  })
}

function magnitudes(base: Base, sites: readonly LoraSite[]): Fresh[] {
  return sites.map((s) => ({
    name: magnitudeKey(s.site),
    shape: [s.out],
    decay: false,
    fresh: (gpu) => norms(base, gpu, s.tensor, s.out),
  }))
}

async function setUp(context: SetUp<DoraSettings>): Promise<Hooks> {
  const { base, settings, seed, parameters } = context
  if (targetNames(base, settings).embedding)
    throw new UnsupportedError(
      say`target modules: expected linear layers, got the embedding, which DoRA cannot train. Remove it from the list, or use LoRA.`,
    )
  if (frozenRows(base, settings).length)
    throw new UnsupportedError(
      say`new tokens: expected a head without an update for DoRA, got lm_head among the target modules. Remove it from the list, or use LoRA.`,
    )
  const sites = loraSites(base, settings)
  const named = sites.find(({ site }) => base.named.has(site))
  if (named)
    throw new UnsupportedError(
      say`target modules: expected linear layers outside of experts and routers for DoRA, got ${named.site}. Name other layers, or choose LoRA.`,
    )
  if (base.config.vocab % 4 && targetNames(base, settings).head)
    throw new UnsupportedError(
      say`target modules: expected a vocabulary size that is a multiple of 4 for DoRA on the head, got ${base.config.vocab}. Remove lm_head from the list, or use LoRA.`,
    )
  const tensors = declare({ parameters, initial: ownTensors(context) }, [
    ...loraSpecs(sites, settings, seed),
    ...magnitudes(base, sites),
    ...tokenSpecs(base, settings, seed),
  ])
  const rate = settings.dropout
  const bySite = new Map(
    sites.map((s, index) => [s.site, { ...s, index, A: tensors.get(s.a)!, B: tensors.get(s.b)!, m: tensors.get(magnitudeKey(s.site))! }]),
  )
  return {
    ...tokenHooks(base, settings, parameters, tensors),
    linear(r, site, x, y) {
      const dora = bySite.get(site.name)
      if (!dora) return y
      const input = dropout(r, x, rate, dora.index + (site.tile ?? 0) * sites.length, context.stepState)
      const down = matmul(r, input, trainableWeight(dora.A), { label: `${site.name} A x` })
      const whole = matmul(r, down, trainableWeight(dora.B), { scale: dora.scale, into: y })
      return doraScale(r, whole, dora.m, rowNorms(r, site.weight, { a: dora.A, b: dora.B, scale: dora.scale }), site.bias)
    },
  }
}

/** The rows of W + s · B A, scaled to their trained lengths. */
function merge(tensors: Tensors, settings: DoraSettings, base: Base): Merge {
  checkApart(base, settings)
  return new Map([
    ...loraSites(base, settings).map((site): [string, RowChange] => {
      const lengths = tensors.get(magnitudeKey(site.site))!.values
      return [
        site.tensor,
        lowRank(site, tensors, (row, n) => {
          const factor = lengths[n] / Math.sqrt(row.reduce((sum, v) => sum + v * v, 0))
          for (let k = 0; k < row.length; k++) row[k] *= factor
        }),
      ]
    }),
    ...tokenChanges(tensors, settings, base),
  ])
}

export const dora = defineMethod({
  name: 'dora',
  label: 'DoRA',
  summary:
    'Trains LoRA and, separately, the length of each row of the adapted weights. Choose it when LoRA does not learn enough; its steps take longer.',
  paper: 'Liu et al. 2024, arXiv 2402.09353',
  fields,
  training: { learningRate: 1e-3 },
  rateFor: loraRate,
  bases: [],
  peftType: 'LORA',
  recognises: (config) => config.peft_type === 'LORA' && config.use_dora === true,
  newTokens,
  vocab: (settings, base) => trainedTokens(base, settings).vocab,
  notice: (settings, _initial, base) => tiedNotice(settings, base),
  setUp,
  merge,
  toConfig: (settings, base) => loraConfig(settings, base, true),
  configKeys: loraKeys(true),
  fromConfig: (config, base, tensors) => loraSettings({ config, base, tensors }),
})
