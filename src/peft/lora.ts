// LoRA (Hu 2021, arXiv 2106.09685, section 4.1): y = W x + s · B A x, A [r, in], B [out, r], B zero at the start;
// s = alpha / r, or alpha / √r with rsLoRA (Kalajdzievski 2023, arXiv 2312.03732). LoRA+ (Hayou 2024, arXiv 2402.12354): B learns faster.
import { UnsupportedError } from '../config/errors'
import type { Field, SettingsOf } from '../config/field'
import { joined, say } from '../config/phrase'
import type { Hooks } from '../models/hooks'
import { dropout } from '../ops/dropout'
import { gatherColumns } from '../ops/gather-columns'
import { matmul } from '../ops/matmul'
import { trainableWeight } from '../ops/weight'
import type { Tensor } from '../tensor/tensor'
import { adapterFolder } from './adapter-folder'
import { everyTask } from './classifier'
import type { Config } from './config-keys'
import { grownNotice, wholeTables, withTables } from './grown-tables'
import { declare } from './initial'
import { loraConfig, loraKeys, loraSettings } from './lora-config'
import { loraGguf } from './lora-gguf'
import { checkExpertSites, expertUpdate, hasExpertSites } from './expert-sites'
import { type LoraSite, embeddingSite, embeddingSpecs, loraSites, loraSpecs, rankFields, targetNames, tiedNotice } from './lora-sites'
import { type Tensors, mergeLora } from './merge'
import { type Base, type MethodHooks, type SetUp, defineMethod } from './method'
import { pissaFile, pissaSettings, pissaSpecs, pissaTensors, startKey } from './pissa'
import { loadedModules, savedFields, savedModules, savedSpecs } from './saved-modules'
import { frozenRows, newTokens, ownTensors, tokenFields, tokenHooks, tokenSpecs, trainedTokens } from './token-rows'
import { loraRate } from './rates'

const fields = [
  ...rankFields,
  ...tokenFields,
  {
    key: 'start',
    type: 'choice',
    label: 'Starting values',
    help: 'PiSSA starts A and B from the largest singular vectors of each weight matrix, which often learns faster. The finished adapter is a plain LoRA of twice the rank.',
    default: 'default',
    options: [
      { value: 'default', label: 'A random, B zero' },
      { value: 'pissa', label: 'Largest singular vectors of the weights (PiSSA)' },
    ],
    advanced: true,
  },
  ...savedFields,
] as const satisfies readonly Field[]
type LoraSettings = SettingsOf<typeof fields>

/** The update of the token embedding, if it is a target, after `before`, which gives new tokens their rows. */
function embeds(
  base: Base,
  site: LoraSite | undefined,
  tensors: ReadonlyMap<string, Tensor>,
  before: Hooks['embeds'],
): Pick<Hooks, 'embeds'> {
  if (!site) return {}
  const { scale } = base.family.embedding(base.config)
  return {
    embeds: (r, x, ids, shape) =>
      matmul(r, gatherColumns(r, tensors.get(site.a)!, ids), trainableWeight(tensors.get(site.b)!), {
        scale: site.scale * scale,
        into: before?.(r, x, ids, shape) ?? x,
      }),
  }
}

/** @throws UnsupportedError for PiSSA on a head that grows, whose new rows are not in the base's matrix, and on experts */
function checkStart(base: Base, settings: LoraSettings, sites: readonly LoraSite[]): void {
  if (settings.start === 'pissa' && sites.some(({ site }) => base.named.has(site)))
    throw new UnsupportedError(
      say`starting values: expected A random, B zero for experts and routers, got PiSSA. Change the starting values, or remove these layers from the target modules.`,
    )
  if (settings.start === 'pissa' && targetNames(base, settings).head && frozenRows(base, settings).some((set) => set.head))
    throw new UnsupportedError(
      say`starting values: expected A random, B zero for a head that new tokens are added to, got PiSSA. Change the starting values, or remove lm_head from the target modules.`,
    )
}

async function setUp(context: SetUp<LoraSettings>): Promise<MethodHooks> {
  const { base, settings, seed, parameters } = context
  const { vocab } = trainedTokens(base, settings)
  const sites = loraSites(base, settings, vocab)
  checkStart(base, settings, sites)
  checkExpertSites(base, sites)
  const embedding = embeddingSite(base, settings, vocab)
  const saved = savedModules(base, settings)
  const pissa = settings.start === 'pissa' && !context.initial
  const specs = [
    ...(pissa ? pissaSpecs(base, sites, settings, seed) : loraSpecs(sites, settings, seed)),
    ...(embedding ? embeddingSpecs(embedding, settings, seed) : []),
    ...savedSpecs(base, saved),
    ...tokenSpecs(base, settings, seed),
  ]
  const tensors = declare({ parameters, initial: ownTensors(context) }, specs)
  const rate = settings.dropout
  const bySite = new Map(sites.map((s, index) => [s.site, { ...s, index, A: tensors.get(s.a)!, B: tensors.get(s.b)! }]))
  const rows = tokenHooks(base, settings, parameters, tensors)
  const experts: Hooks['experts'] = (r, site, routing, x, y) => {
    const index = site.names.reduce((least, name) => Math.min(least, bySite.get(name)?.index ?? least), Infinity)
    const input = Number.isFinite(index) ? dropout(r, x, rate, index, context.stepState) : x
    return expertUpdate(r, site, routing, bySite, input, y)
  }
  return {
    ...rows,
    ...embeds(base, embedding, tensors, rows.embeds),
    linear(r, site, x, y) {
      const lora = bySite.get(site.name)
      if (!lora) return y
      const input = dropout(r, x, rate, lora.index + (site.tile ?? 0) * sites.length, context.stepState)
      const update = (a: Tensor, b: Tensor, scale: number, into: Tensor) =>
        matmul(r, matmul(r, input, trainableWeight(a), { label: `${site.name} A x` }), trainableWeight(b), { scale, into })
      const trained = update(lora.A, lora.B, lora.scale, y)
      return pissa ? update(tensors.get(startKey(lora.a))!, tensors.get(startKey(lora.b))!, -lora.scale, trained) : trained
    },
    ...(hasExpertSites(base, sites) && { experts }),
    parameter: (name, head = false) => tensors.get(saved.find((s) => s.tensor === name && s.head === head)?.key ?? ''),
    finished: (trained) =>
      pissa
        ? { settings: pissaSettings(settings), tensors: pissaTensors(trained, sites) }
        : { settings: { ...settings, start: 'default' }, tensors: trained },
  }
}

function fromConfig(config: Config, base: Base, tensors: Tensors): LoraSettings {
  const modulesToSave = loadedModules((config.modules_to_save ?? []) as string[], base)
  const settings: LoraSettings = { ...loraSettings({ config, base, tensors }), start: 'default', modulesToSave }
  savedModules(base, settings)
  return settings
}

export const lora = defineMethod({
  name: 'lora',
  label: 'LoRA',
  summary:
    'Trains a small low-rank update beside each chosen linear layer. The best method to start with: it suits most tasks, and its files work in PEFT and llama.cpp.',
  paper: 'Hu et al. 2021, arXiv 2106.09685',
  fields,
  training: { learningRate: 1e-3 },
  rateFor: loraRate,
  bases: [],
  serves: everyTask,
  peftType: 'LORA',
  recognises: (config) => config.peft_type === 'LORA' && config.use_dora !== true,
  newTokens,
  vocab: (settings, base) => trainedTokens(base, settings).vocab,
  notice: (settings, _initial, base) => {
    const notices = [tiedNotice(settings, base), grownNotice(settings, base)].filter((notice) => notice !== undefined)
    return notices.length ? joined(notices, ' ') : undefined
  },
  setUp,
  merge: mergeLora,
  fileTensors: (trained, settings, base) => withTables(pissaFile(trained), settings, base),
  files: async (adapter, settings, base) => [
    ...(await adapterFolder({ ...adapter, tensors: await wholeTables(adapter.tensors, settings, base) }, base)),
    ...loraGguf(adapter.method.name, adapter.tensors, settings, base),
  ],
  exports: ['gguf'],
  toConfig: (settings, base) => loraConfig(settings, base, false),
  configKeys: loraKeys(false),
  fromConfig,
})
