// Where low-rank updates sit, with their ranks, scales and starting values: what LoRA, QLoRA and DoRA share.
import type { Field, SettingsOf } from '../config/field'
import { type Fresh } from './initial'
import type { Base } from './method'
import { normal, randomSource, uniform } from './random'
import { matches } from './module-match'
import { listed, patternLookup, targetSites } from './targets'

export const targetField = {
  key: 'targetModules',
  type: 'text',
  label: 'Target modules',
  help: 'all-linear, or PEFT module names with commas: q_proj, v_proj.',
  default: 'all-linear',
  maxLength: 100_000,
} as const satisfies Field

export const rankFields = [
  {
    key: 'r',
    type: 'number',
    label: 'Rank',
    help: 'Width of the low-rank update. More can learn more and costs more.',
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
    help: 'Share of the inputs of the update that is dropped while training.',
    default: 0,
    min: 0,
    max: 0.9,
  },
  targetField,
  {
    key: 'rsLora',
    type: 'boolean',
    label: 'Rank-stabilised',
    help: 'Scales by alpha / √rank instead: steadier at high ranks.',
    default: false,
    advanced: true,
  },
  {
    key: 'plusRatio',
    type: 'number',
    label: 'LoRA+ ratio',
    help: 'How much faster B learns than A; 1 = LoRA, LoRA+ takes about 16.',
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
    help: 'Ranks that differ, by names or regular expressions as in PEFT: down_proj=4.',
    default: '',
    advanced: true,
  },
  {
    key: 'alphaPattern',
    type: 'text',
    maxLength: 100_000,
    label: 'Alphas by module',
    help: 'Alphas that differ, by names or regular expressions as in PEFT: v_proj=32.',
    default: '',
    advanced: true,
  },
] as const satisfies readonly Field[]
export type RankSettings = SettingsOf<typeof rankFields>
export type TargetSettings = Pick<RankSettings, 'targetModules'>

export interface LoraSite {
  site: string
  /** The base's tensor that the update is of. */
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

/** The head's module; a tied model's head has an update of its own, which the embedding does not see. */
export const headModule = 'lm_head'

/** The token embedding's module, as PEFT names it. */
export function embeddingModule(base: Base): string {
  return base.family.embedding(base.config).name.replace(/\.weight$/, '')
}

/** Target names for linear layers, and whether embedding and head are among them. `all-linear` leaves the head out, as PEFT has it. */
export function targetNames(base: Base, settings: TargetSettings): { linear: string[]; embedding: boolean; head: boolean } {
  const names = listed(settings.targetModules)
  const isEmbedding = (name: string) => matches(embeddingModule(base), name)
  return {
    linear: names.filter((name) => !isEmbedding(name) && name !== headModule),
    embedding: names.some(isEmbedding),
    head: names.includes(headModule),
  }
}

/** What PEFT warns of too: on a tied model an update of embedding or head leaves the other as it is, so the two are no more one tensor. */
export function tiedNotice(settings: TargetSettings, base: Base): string | undefined {
  const { embedding, head } = targetNames(base, settings)
  if (!base.config.tied || !(embedding || head)) return undefined
  const which =
    embedding && head
      ? 'embedding and head, each on its own'
      : embedding
        ? 'the embedding and not the head'
        : 'the head and not the embedding'
  return `Embedding and head of ${base.name} are one tensor: the update changes ${which}. Such an adapter cannot be merged into the model, nor written as GGUF.`
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

/** Every adapted linear layer with its rank and scale, the head last. */
export function loraSites(base: Base, settings: RankSettings): LoraSite[] {
  const { linear, embedding, head } = targetNames(base, settings)
  const sites = (embedding || head) && !linear.length ? [] : targetSites(base, linear.join(' '))
  const rankOf = ranked(settings)
  const siteOf = (site: string, tensor: string, [out, inputs]: readonly [number, number]): LoraSite => {
    const key = `base_model.model.${site}`
    return { site, tensor, ...rankOf(site), a: `${key}.lora_A.weight`, b: `${key}.lora_B.weight`, out, in: inputs }
  }
  const { vocab, hidden } = base.config
  return [
    ...sites.map((site) => siteOf(site, `${site}.weight`, base.sites.get(site)!)),
    ...(head ? [siteOf(headModule, base.family.head(base.config), [vocab, hidden])] : []),
  ]
}

/** The update of the token embedding, where it is a target: E[x] + s · A[:, x]ᵀ Bᵀ with A [r, V], B [C, r]. */
export function embeddingSite(base: Base, settings: RankSettings): LoraSite | undefined {
  if (!targetNames(base, settings).embedding) return undefined
  const site = embeddingModule(base)
  const key = `base_model.model.${site}`
  return {
    site,
    tensor: `${site}.weight`,
    ...ranked(settings)(site),
    a: `${key}.lora_embedding_A`,
    b: `${key}.lora_embedding_B`,
    out: base.config.hidden,
    in: base.config.vocab,
  }
}

/** A as PEFT starts it: Kaiming uniform with a = √5, which is U(−1/√in, 1/√in); B zero (peft lora/layer.py reset_lora_parameters). */
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

/** For embeddings PEFT starts A at zero and B standard normal. */
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
