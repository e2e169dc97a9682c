// Which layers get low-rank updates, with their ranks, scales and starting values. LoRA, QLoRA and DoRA share this.
import type { Field, SettingsOf } from '../config/field'
import { UnsupportedError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { headName } from '../formats/hf-names'
import { type Fresh } from './initial'
import type { Base } from './method'
import { normal, randomSource, uniform } from './random'
import { matches } from './module-match'
import { listed, patternLookup, targetSites, withInner } from './targets'
import { tensorKey } from './tensor-keys'

export const targetField = {
  key: 'targetModules',
  flag: 'targets',
  type: 'text',
  label: 'Target modules',
  help: 'The layers that get an update: all-linear, or PEFT module names separated by commas, such as q_proj, v_proj.',
  default: 'all-linear',
  maxLength: 100_000,
} as const satisfies Field

export const rankFields = [
  {
    key: 'r',
    type: 'number',
    label: 'Rank',
    help: 'Width of the low-rank update. A higher rank can learn more and needs more memory.',
    default: 8,
    min: 1,
    max: 1024,
    integer: true,
  },
  { key: 'alpha', type: 'number', label: 'Alpha', help: 'The update is scaled by alpha / rank.', default: 16, min: 0.001, max: 4096 },
  {
    key: 'dropout',
    type: 'number',
    label: 'Dropout',
    help: 'Share of the update’s inputs that is set to zero at random while training.',
    default: 0,
    min: 0,
    max: 0.9,
  },
  targetField,
  {
    key: 'rsLora',
    type: 'boolean',
    label: 'Rank-stabilised',
    help: 'Scales the update by alpha / √rank instead of alpha / rank, which is more stable at high ranks.',
    default: false,
    advanced: true,
  },
  {
    key: 'plusRatio',
    type: 'number',
    label: 'LoRA+ ratio',
    help: 'How many times higher the learning rate of B is than that of A. 1 is plain LoRA; LoRA+ uses about 16.',
    default: 1,
    min: 0.01,
    max: 1000,
    advanced: true,
  },
  {
    key: 'rankPattern',
    type: 'text',
    maxLength: 100_000,
    label: 'Ranks by module',
    help: 'Other ranks for some modules, by names or regular expressions as in PEFT, such as down_proj=4.',
    default: '',
    advanced: true,
  },
  {
    key: 'alphaPattern',
    type: 'text',
    maxLength: 100_000,
    label: 'Alphas by module',
    help: 'Other alphas for some modules, by names or regular expressions as in PEFT, such as v_proj=32.',
    default: '',
    advanced: true,
  },
] as const satisfies readonly Field[]
export type RankSettings = SettingsOf<typeof rankFields>
export type TargetSettings = Pick<RankSettings, 'targetModules'>

const halves = { a: 'lora_A.weight', b: 'lora_B.weight' }
const embeddingHalves = { a: 'lora_embedding_A', b: 'lora_embedding_B' }
/** DoRA's lengths of the rows. */
export const magnitude = 'lora_magnitude_vector'
/** The tensors that the methods of this family have in a module. */
export const loraParts = [...Object.values(halves), ...Object.values(embeddingHalves), magnitude]

const keysIn = (site: string, { a, b }: typeof halves) => ({ a: tensorKey(site, a), b: tensorKey(site, b) })

export interface LoraSite {
  site: string
  /** The base's tensor that is updated. */
  tensor: string
  rank: number
  alpha: number
  scale: number
  /** Keys of A and B in the adapter's file. */
  a: string
  b: string
  out: number
  in: number
}

/** The head's module. In a tied model an update of the head does not change the embedding. */
export const headModule = 'lm_head'

/** @throws UnsupportedError for a model whose head has another name in PEFT, since the files would not fit */
export function checkHeadModule({ config }: Base): void {
  const head = headName(config.family).replace(/\.weight$/, '')
  if (head !== headModule)
    throw new UnsupportedError(
      say`${headModule}: expected modules of the blocks or the embedding, because the head of this model is called ${head}, got the head. Remove it from the list.`,
    )
}

/** The token embedding's module, as PEFT names it. */
export function embeddingModule(base: Base): string {
  return base.family.embedding(base.config).name.replace(/\.weight$/, '')
}

/** The target names of linear layers, and whether embedding and head are targets. `all-linear` does not include the head, as in PEFT. */
export function targetNames(base: Base, settings: TargetSettings): { linear: string[]; embedding: boolean; head: boolean } {
  // A file of PEFT has to name the layers inside a tower or a block.
  const names = withInner(base, listed(settings.targetModules))
  if (names.includes(headModule)) checkHeadModule(base)
  // Pictures have no table of tokens.
  const isEmbedding = (name: string) => !base.family.files.task && matches(embeddingModule(base), name)
  return {
    linear: names.filter((name) => !isEmbedding(name) && name !== headModule),
    embedding: names.some(isEmbedding),
    head: names.includes(headModule),
  }
}

/** A warning that PEFT gives too: on a tied model an update of the embedding or the head does not change the other one. */
export function tiedNotice(settings: TargetSettings, base: Base): Phrase | undefined {
  const { embedding, head } = targetNames(base, settings)
  if (!base.config.tied || !(embedding || head)) return undefined
  const which =
    embedding && head
      ? say`This adapter gives each of them a separate update.`
      : embedding
        ? say`This adapter changes the embedding, but not the head.`
        : say`This adapter changes the head, but not the embedding.`
  return say`In ${base.name}, embedding and head are the same tensor. ${which} So it cannot be merged into the model or saved as GGUF.`
}

function ranked(settings: RankSettings): (site: string) => Pick<LoraSite, 'rank' | 'alpha' | 'scale'> {
  const ranks = patternLookup('ranks by module', settings.rankPattern)
  const alphas = patternLookup('alphas by module', settings.alphaPattern)
  return (site) => {
    const rank = ranks(site) ?? settings.r
    const alpha = alphas(site) ?? settings.alpha
    return { rank, alpha, scale: alpha / (settings.rsLora ? Math.sqrt(rank) : rank) }
  }
}

/** All adapted linear layers with their ranks and scales; the head is the last. `vocab` is its number of rows. */
export function loraSites(base: Base, settings: RankSettings, vocab = base.config.vocab): LoraSite[] {
  const { linear, embedding, head } = targetNames(base, settings)
  const sites = (embedding || head) && !linear.length ? [] : targetSites(base, linear.join(' '), base.named)
  const rankOf = ranked(settings)
  const siteOf = (site: string, tensor: string, [out, inputs]: readonly [number, number]): LoraSite => ({
    site,
    tensor,
    ...rankOf(site),
    ...keysIn(site, halves),
    out,
    in: inputs,
  })
  return [
    ...sites.map((site) => siteOf(site, `${site}.weight`, (base.sites.get(site) ?? base.named.get(site))!)),
    ...(head ? [siteOf(headModule, base.family.head(base.config), [vocab, base.config.hidden])] : []),
  ]
}

/** The update of the token embedding, if it is a target: E[x] + s · A[:, x]ᵀ Bᵀ with A [r, V], B [C, r]. `vocab` is its number of rows. */
export function embeddingSite(base: Base, settings: RankSettings, vocab = base.config.vocab): LoraSite | undefined {
  if (!targetNames(base, settings).embedding) return undefined
  const site = embeddingModule(base)
  return {
    site,
    tensor: `${site}.weight`,
    ...ranked(settings)(site),
    ...keysIn(site, embeddingHalves),
    out: base.config.hidden,
    in: vocab,
  }
}

/**
 * As in PEFT, A starts Kaiming uniform with a = √5, which is U(−1/√in, 1/√in), and B starts at zero (peft lora/layer.py
 * reset_lora_parameters).
 */
export function loraSpecs(sites: readonly LoraSite[], settings: RankSettings, seed: number): Fresh[] {
  const rate = settings.plusRatio
  return sites.flatMap((s) => [
    {
      name: s.a,
      shape: [s.rank, s.in],
      decay: true,
      fresh: () => uniform(randomSource(seed, s.a), s.rank * s.in, -1 / Math.sqrt(s.in), 1 / Math.sqrt(s.in)),
    },
    { name: s.b, shape: [s.out, s.rank], decay: true, rate, fresh: () => new Float32Array(s.out * s.rank) },
  ])
}

/** For embeddings, as in PEFT, A starts at zero and B standard normal. */
export function embeddingSpecs(s: LoraSite, settings: RankSettings, seed: number): Fresh[] {
  return [
    { name: s.a, shape: [s.rank, s.in], decay: true, fresh: () => new Float32Array(s.rank * s.in) },
    {
      name: s.b,
      shape: [s.out, s.rank],
      decay: true,
      rate: settings.plusRatio,
      fresh: () => normal(randomSource(seed, s.b), s.out * s.rank, 1),
    },
  ]
}
