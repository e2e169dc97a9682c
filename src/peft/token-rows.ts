// Rows of single tokens that are trained while the table stays frozen: of tokens added to the vocabulary, and of tokens by their
// ids (PEFT's trainable_token_indices, https://huggingface.co/docs/peft/package_reference/trainable_tokens). At the input, and in
// the head: one set of rows for both where they are one tensor.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Hooks } from '../models/hooks'
import { embedTokenRows, tokenLogits, tokenTable } from '../ops/token-rows'
import type { Parameters } from '../tensor/parameters'
import type { Tensor } from '../tensor/tensor'
import type { Fresh } from './initial'
import { type TargetSettings, embeddingModule, targetNames } from './lora-sites'
import type { Base, RowChange, SetUp } from './method'
import { randomSource, standardNormal } from './random'
import { type SavedSettings, savedModules } from './saved-modules'
import { listed } from './targets'

export const tokenFields = [
  {
    key: 'newTokens',
    flag: 'new-tokens',
    type: 'text',
    label: 'New tokens',
    help: 'Tokens to add to the vocabulary, with commas between them: <a>, <b>. Only their rows of embedding and head are trained, and go with the adapter.',
    default: '',
    maxLength: 100_000,
  },
  {
    key: 'newTokenStart',
    type: 'choice',
    label: 'New tokens start as',
    help: 'What the rows of new tokens hold before training.',
    default: 'random',
    options: [
      { value: 'random', label: 'Random, spread as the other rows are' },
      { value: 'mean', label: 'The mean of the other rows' },
    ],
    advanced: true,
  },
  {
    key: 'newTokenHead',
    type: 'boolean',
    label: 'New tokens in the head',
    help: "Trains the new tokens' rows of a head of its own too, so that the model can say them.",
    default: true,
    advanced: true,
  },
  {
    key: 'tokenIds',
    type: 'text',
    label: 'Trained tokens',
    help: 'Ids of existing tokens whose rows of the embedding are trained: 5, 9.',
    default: '',
    maxLength: 1_000_000,
    advanced: true,
  },
  {
    key: 'headTokenIds',
    type: 'text',
    label: 'Trained tokens of the head',
    help: 'Likewise for a head of its own.',
    default: '',
    maxLength: 1_000_000,
    advanced: true,
  },
] as const satisfies readonly Field[]
export type TokenSettings = SettingsOf<typeof tokenFields>
/** What is trained of the tables of tokens: single rows, an update of a whole table, a copy of it. */
export type TableSettings = TokenSettings & TargetSettings & SavedSettings

/** The new tokens that settings list. */
export function newTokens(settings: Pick<TokenSettings, 'newTokens'>): string[] {
  return settings.newTokens
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)
}

/** @throws FormatError for what is no list of ids */
function idsOf(settings: TokenSettings, key: 'tokenIds' | 'headTokenIds'): number[] {
  const words = listed(settings[key])
  const ids = words.map(Number)
  const bad = words.find((word, i) => !/^\d+$/.test(word) || ids.indexOf(ids[i]) < i)
  if (bad !== undefined)
    throw new FormatError(say`trained tokens: expected different ids of tokens with commas, got ${bad}. Correct the list.`)
  return ids
}

const joined = (ids: readonly number[], more: readonly number[]) => [...ids, ...more.filter((id) => !ids.includes(id))]

/** One set of rows. */
interface RowSet {
  /** Key in the adapter's file. */
  key: string
  /** Whose rows they are. */
  tensor: string
  ids: readonly number[]
  input: boolean
  head: boolean
}

interface TrainedTokens {
  sets: readonly RowSet[]
  /** Rows from here on start as new ones; tokens of the model end here. */
  firstNew: number
  /** Tokens that the model then tells apart. */
  vocab: number
}

const keyOf = (module: string) => `base_model.model.${module}.token_adapter.trainable_tokens_delta`

function checkRows(base: Base, settings: TableSettings, sets: readonly RowSet[], vocab: number): void {
  const { embedding, head } = targetNames(base, settings)
  const saved = savedModules(base, settings)
  for (const set of sets)
    if ((set.input && (embedding || saved.some((s) => !s.head))) || (set.head && (head || saved.some((s) => s.head))))
      throw new UnsupportedError(
        say`trained tokens: expected rows of a table that is otherwise frozen, got ${set.tensor}, which the targets or the modules trained whole name too. Leave one of the two out.`,
      )
  const table = base.config.vocab
  for (const place of ['input', 'head'] as const) {
    const ids = new Set(sets.filter((set) => set[place]).flatMap((set) => set.ids))
    for (let id = table; id < vocab; id++)
      if (!ids.has(id))
        throw new FormatError(
          say`trained tokens: expected rows for all tokens from ${table} to ${vocab - 1}, which the model has none for, got none for ${id} ${place === 'head' ? 'in the head' : 'at the input'}. Correct the lists.`,
        )
  }
}

/** What is trained. @throws FormatError, UnsupportedError for lists that do not go with the model or the other settings */
export function trainedTokens(base: Base, settings: TableSettings): TrainedTokens {
  const names = newTokens(settings)
  const added = names.length ? base.newTokenIds(names) : []
  const { tied, vocab: table } = base.config
  const inputs = joined(idsOf(settings, 'tokenIds'), added)
  const given = idsOf(settings, 'headTokenIds')
  const shared = tied && inputs.length > 0 && (!given.length || given.join() === inputs.join())
  const heads = shared ? [] : tied || !settings.newTokenHead ? given : joined(given, added)
  const embedding = embeddingModule(base)
  const all: RowSet[] = [
    { key: keyOf(embedding), tensor: `${embedding}.weight`, ids: inputs, input: true, head: shared },
    { key: keyOf('lm_head'), tensor: base.family.head(base.config), ids: heads, input: false, head: true },
  ]
  const sets = all.filter((set) => set.ids.length)
  const vocab = sets.reduce((most, { ids }) => ids.reduce((a, b) => Math.max(a, b + 1), most), table)
  checkRows(base, settings, sets, vocab)
  return { sets, firstNew: Math.min(table, ...added), vocab }
}

/** Rows of new tokens: the others' mean, or drawn so that each column has the others' mean and deviation. */
async function freshRows(base: Base, set: RowSet, firstNew: number, settings: TokenSettings, seed: number): Promise<Float32Array> {
  const { hidden } = base.config
  const isNew = (id: number) => id >= firstNew
  const old = set.ids.filter((id) => !isNew(id))
  const rows = await base.rows(set.tensor, old)
  const { mean, deviation } = old.length < set.ids.length ? await base.rowStatistics(set.tensor, firstNew) : {}
  const random = randomSource(seed, set.key)
  const spread = settings.newTokenStart === 'mean' ? 0 : 1
  const out = new Float32Array(set.ids.length * hidden)
  let at = 0
  set.ids.forEach((id, j) => {
    const row = out.subarray(j * hidden, (j + 1) * hidden)
    if (isNew(id)) for (let c = 0; c < hidden; c++) row[c] = mean![c] + spread * deviation![c] * standardNormal(random)
    else row.set(rows.subarray(at * hidden, ++at * hidden))
  })
  return out
}

/** The trained tensors of an adapter's file, without the second copy of tied rows that PEFT saves. */
export function ownTensors({ initial, base, settings }: Pick<SetUp<TableSettings>, 'initial' | 'base' | 'settings'>): SetUp['initial'] {
  const copy = trainedTokens(base, settings).sets.some((set) => set.input && set.head) ? keyOf('lm_head') : undefined
  return initial && new Map([...initial].filter(([name]) => name !== copy))
}

/** The rows as parameters [n, C]; those of tokens that are there start as they are. */
export function tokenSpecs(base: Base, settings: TableSettings, seed: number): Fresh[] {
  const { sets, firstNew } = trainedTokens(base, settings)
  return sets.map((set) => ({
    name: set.key,
    shape: [set.ids.length, base.config.hidden],
    decay: true,
    fresh: () => freshRows(base, set, firstNew, settings, seed),
  }))
}

/** Where the rows act; empty where no tokens are trained. */
export function tokenHooks(
  base: Base,
  settings: TableSettings,
  parameters: Parameters,
  tensors: ReadonlyMap<string, Tensor>,
): Pick<Hooks, 'embeds' | 'logits' | 'vocab'> {
  const { sets, vocab } = trainedTokens(base, settings)
  const rowsOf = (place: 'input' | 'head') => {
    const set = sets.find((s) => s[place])
    if (!set) return undefined
    const tokens = parameters.table(`tokens of ${set.key}`, [set.ids.length, 2], tokenTable(set.ids))
    return { tokens, rows: tensors.get(set.key)! }
  }
  const [input, head] = [rowsOf('input'), rowsOf('head')]
  const { scale } = base.family.embedding(base.config)
  return {
    ...(input && { embeds: (r, x, ids) => embedTokenRows(r, x, ids, input, scale) }),
    ...(head && { logits: (r, x, logits) => tokenLogits(r, x, head, logits) }),
    ...(vocab > base.config.vocab && { vocab }),
  }
}

/** PEFT's `trainable_token_indices`: a list where the embedding's rows alone (or both tied ones') are trained, else lists by module. */
export function tokenIndices(base: Base, settings: TableSettings): number[] | Record<string, number[]> | null {
  const { sets } = trainedTokens(base, settings)
  if (!sets.length) return null
  if (sets.length === 1 && sets[0].input) return [...sets[0].ids]
  const module = embeddingModule(base).split('.').pop()!
  return Object.fromEntries(sets.map((set) => [set.input ? module : 'lm_head', [...set.ids]]))
}

/** Settings from PEFT's `trainable_token_indices`. @throws UnsupportedError for modules other than embedding and head */
export function tokenSettings(config: Readonly<Record<string, unknown>>, base: Base): TokenSettings {
  const given = (config.trainable_token_indices ?? []) as readonly number[] | Record<string, readonly number[]>
  const settings: TokenSettings = { newTokens: '', newTokenStart: 'random', newTokenHead: true, tokenIds: '', headTokenIds: '' }
  if (Array.isArray(given)) return { ...settings, tokenIds: given.join(', ') }
  const embedding = embeddingModule(base)
  for (const [module, ids] of Object.entries(given as Record<string, readonly number[]>)) {
    const key = module === 'lm_head' ? 'headTokenIds' : `.${embedding}`.endsWith(`.${module}`) ? 'tokenIds' : undefined
    if (!key)
      throw new UnsupportedError(
        say`adapter_config.json: expected trainable_token_indices of ${embedding} or lm_head, got ${module}. Use an adapter without them.`,
      )
    settings[key] = ids.join(', ')
  }
  return settings
}

/** `settings` of an adapter's ids with the new tokens among them told by their names, where these are the last of the lists. */
export function namedTokens(settings: TokenSettings, names: readonly string[], base: Base): TokenSettings {
  if (!names.length) return settings
  const added = base.newTokenIds(names)
  const without = (key: 'tokenIds' | 'headTokenIds') => {
    const ids = idsOf(settings, key)
    const from = ids.length - added.length
    return added.every((id, i) => ids[from + i] === id) ? ids.slice(0, from).join(', ') : undefined
  }
  const [tokenIds, headTokenIds] = [without('tokenIds'), without('headTokenIds')]
  if (tokenIds === undefined) return settings
  return {
    ...settings,
    newTokens: names.join(', '),
    newTokenHead: base.config.tied || headTokenIds !== undefined,
    tokenIds,
    headTokenIds: headTokenIds ?? settings.headTokenIds,
  }
}

/** Whether rows of embedding and head are trained, but not the same ones for both. */
export function tokensApart(base: Base, settings: TableSettings): boolean {
  return trainedTokens(base, settings).sets.some((set) => set.input !== set.head)
}

/** What the rows do to the base's tensors; tables that grow must have their new rows already. */
export function tokenChanges(
  tensors: ReadonlyMap<string, { values: Float32Array }>,
  settings: TableSettings,
  base: Base,
): Map<string, RowChange> {
  const { hidden } = base.config
  return new Map(
    trainedTokens(base, settings).sets.map((set): [string, RowChange] => [
      set.tensor,
      (values, first) => {
        const rows = tensors.get(set.key)!.values
        set.ids.forEach((id, j) => {
          if (id >= first && (id - first) * hidden < values.length)
            values.set(rows.subarray(j * hidden, (j + 1) * hidden), (id - first) * hidden)
        })
      },
    ]),
  )
}
