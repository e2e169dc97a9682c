// Trains the rows of single tokens while the rest of the table stays frozen: rows of tokens that are added to the vocabulary, and rows of
// existing tokens by their ids (PEFT's trainable_token_indices, https://huggingface.co/docs/peft/package_reference/trainable_tokens).
// Embedding and head have separate sets of rows, or share one set if they are the same tensor. If a table has a low-rank update, the rows of
// new tokens in it are frozen, and the update trains them as it trains all rows.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import type { Field, SettingsOf } from '../config/field'
import type { Hooks } from '../models/hooks'
import { embedTokenRows, tokenLogits, tokenTable } from '../ops/token-rows'
import type { Parameters } from '../tensor/parameters'
import type { Tensor } from '../tensor/tensor'
import type { Fresh } from './initial'
import { type TargetSettings, embeddingModule, headModule, targetNames } from './lora-sites'
import type { Base, RowChange, SetUp } from './method'
import { randomSource, standardNormal } from './random'
import { type SavedSettings, savedModules } from './saved-modules'
import { listed } from './targets'

export const tokenFields = [
  {
    key: 'newTokens',
    kind: 'text',
    flag: 'new-tokens',
    type: 'text',
    label: 'New tokens',
    help: 'Tokens to add to the vocabulary, separated by commas: <a>, <b>. Only their rows of embedding and head are trained, or the whole table if it is a target module. They are saved with the adapter.',
    default: '',
    maxLength: 100_000,
  },
  {
    key: 'newTokenStart',
    kind: 'text',
    type: 'choice',
    label: 'New tokens start as',
    help: 'The values of the rows of new tokens before training.',
    default: 'random',
    options: [
      { value: 'random', label: 'Random, with the mean and spread of the other rows' },
      { value: 'mean', label: 'The mean of the other rows' },
    ],
    advanced: true,
  },
  {
    key: 'newTokenHead',
    kind: 'text',
    type: 'boolean',
    label: 'New tokens in the head',
    help: 'Also trains the rows of new tokens in the head, so that the model can generate these tokens. If the head is tied to the embedding, they are always trained.',
    default: true,
    advanced: true,
  },
  {
    key: 'tokenIds',
    kind: 'text',
    type: 'text',
    label: 'Trained tokens',
    help: 'Ids of existing tokens whose rows of the embedding are trained, separated by commas: 5, 9.',
    default: '',
    maxLength: 1_000_000,
    advanced: true,
  },
  {
    key: 'headTokenIds',
    kind: 'text',
    type: 'text',
    label: 'Trained tokens in the head',
    help: 'Ids of existing tokens whose rows of the head are trained, if it is not tied to the embedding.',
    default: '',
    maxLength: 1_000_000,
    advanced: true,
  },
] as const satisfies readonly Field[]
export type TokenSettings = SettingsOf<typeof tokenFields>
/** Settings that decide how the tables of tokens are trained: single rows, an update of a whole table, or a copy of it. */
export type TableSettings = TokenSettings & TargetSettings & SavedSettings

/** The new tokens that the settings list. */
export function newTokens(settings: Pick<TokenSettings, 'newTokens'>): string[] {
  return settings.newTokens
    .split(',')
    .map((token) => token.trim())
    .filter(Boolean)
}

/** @throws FormatError if the text is not a list of ids */
function idsOf(settings: TokenSettings, key: 'tokenIds' | 'headTokenIds'): number[] {
  const words = listed(settings[key])
  const ids = words.map(Number)
  const bad = words.find((word, i) => !/^\d+$/.test(word) || ids.indexOf(ids[i]) < i)
  if (bad !== undefined)
    throw new FormatError(say`trained tokens: expected different token ids separated by commas, got ${bad}. Correct the list.`)
  return ids
}

const joined = (ids: readonly number[], more: readonly number[]) => [...ids, ...more.filter((id) => !ids.includes(id))]

export interface RowSet {
  /** Name of the parameter, which for trained rows is their key in the adapter's file. */
  key: string
  /** PEFT's name of the table. */
  module: string
  /** The base's table that the rows belong to. */
  tensor: string
  ids: readonly number[]
  input: boolean
  head: boolean
  /** Whether the table has a low-rank update, so that the rows are not trained themselves. */
  frozen: boolean
}

interface TrainedTokens {
  sets: readonly RowSet[]
  /** The first id that gets starting values of a new token; smaller ids are tokens of the model. */
  firstNew: number
  /** Number of tokens that the model has with the adapter. */
  vocab: number
}

const keyOf = (module: string) => `base_model.model.${module}.token_adapter.trainable_tokens_delta`

/** PEFT refuses the same. */
export function rowsAndMore(table: string): UnsupportedError {
  return new UnsupportedError(
    say`trained tokens: expected rows of a table that is otherwise frozen, got ${table}, which is also a target module or a fully trained module. Remove it from one of the two settings.`,
  )
}

function checkRows(base: Base, settings: TableSettings, sets: readonly RowSet[], vocab: number): void {
  const targets = targetNames(base, settings)
  const saved = savedModules(base, settings)
  for (const set of sets) {
    const targeted = (set.input && targets.embedding) || (set.head && targets.head)
    const copied = saved.some((s) => (s.head ? set.head : set.input))
    if (copied || (targeted && !set.frozen)) throw rowsAndMore(set.tensor)
  }
  const table = base.config.vocab
  for (const place of ['input', 'head'] as const) {
    const ids = new Set(sets.filter((set) => set[place]).flatMap((set) => set.ids))
    for (let id = table; id < vocab; id++)
      if (!ids.has(id))
        throw new FormatError(
          place === 'head'
            ? say`trained tokens: expected a row in the head for each token from ${table} to ${vocab - 1}, which the model lacks, got none for ${id}. Correct the lists.`
            : say`trained tokens: expected a row in the embedding for each token from ${table} to ${vocab - 1}, which the model lacks, got none for ${id}. Correct the lists.`,
        )
  }
}

/** The rows of one table. New tokens in a table with a low-rank update are frozen; a tied table's are so only if both of its uses have them. */
function rowSet(base: Base, settings: TableSettings, firstNew: number, rows: Pick<RowSet, 'ids' | 'input' | 'head'>): RowSet {
  const { ids, input, head } = rows
  const { config, family } = base
  const targets = targetNames(base, settings)
  const targeted = (input && targets.embedding) || (head && targets.head)
  const frozen = targeted && (input && head) === config.tied && ids.every((id) => id >= firstNew)
  const embedding = embeddingModule(base)
  const module = input && (targets.embedding || !frozen) ? embedding : headModule
  const tensor = input ? `${embedding}.weight` : family.head(config)
  return { ...rows, module, tensor, frozen, key: frozen ? `base_model.model.${module}.base_layer.new_rows` : keyOf(module) }
}

/** The rows of single tokens. @throws FormatError, UnsupportedError if the lists do not fit the model or the other settings */
export function trainedTokens(base: Base, settings: TableSettings): TrainedTokens {
  const names = newTokens(settings)
  const added = names.length ? base.newTokenIds(names) : []
  const { tied, vocab: table } = base.config
  const inputs = joined(idsOf(settings, 'tokenIds'), added)
  const given = idsOf(settings, 'headTokenIds')
  if (base.family.files.task && (inputs.length || given.length))
    throw new UnsupportedError(
      say`trained tokens: expected none, because a model of the ${base.family.files.label} family reads pictures and no tokens, got ${[...inputs, ...given].join(', ')}. Remove them.`,
    )
  const shared = tied && inputs.length > 0 && (!given.length || given.join() === inputs.join())
  const heads = shared ? [] : tied || !settings.newTokenHead ? given : joined(given, added)
  const firstNew = Math.min(base.storedVocab ?? table, ...added)
  const sets = [
    { ids: inputs, input: true, head: shared },
    { ids: heads, input: false, head: true },
  ].flatMap((rows) => (rows.ids.length ? [rowSet(base, settings, firstNew, rows)] : []))
  const vocab = sets.reduce((most, { ids }) => ids.reduce((a, b) => Math.max(a, b + 1), most), table)
  checkRows(base, settings, sets, vocab)
  return { sets, firstNew, vocab }
}

/** The frozen rows of new tokens, in tables with a low-rank update. */
export function frozenRows(base: Base, settings: TableSettings): RowSet[] {
  return trainedTokens(base, settings).sets.filter((set) => set.frozen)
}

/** Starting rows. A new token gets the mean of the model's rows, or random values with the mean and deviation of each column. */
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

/** The starting values in an adapter's file, without the second copy of tied rows that PEFT saves. */
export function ownTensors({ initial, base, settings }: Pick<SetUp<TableSettings>, 'initial' | 'base' | 'settings'>): SetUp['initial'] {
  const copy = trainedTokens(base, settings).sets.some((set) => set.input && set.head) ? keyOf(headModule) : undefined
  return initial && new Map([...initial].filter(([name]) => name !== copy))
}

/** The rows as parameters [n, C]. Rows of existing tokens start with the model's values. */
export function tokenSpecs(base: Base, settings: TableSettings, seed: number): Fresh[] {
  const { sets, firstNew } = trainedTokens(base, settings)
  return sets.map((set) => ({
    name: set.key,
    shape: [set.ids.length, base.config.hidden],
    decay: true,
    frozen: set.frozen,
    fresh: () => freshRows(base, set, firstNew, settings, seed),
  }))
}

/** The hooks that use the rows; empty if no tokens are trained. */
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

/** PEFT's `trainable_token_indices`: one list if only rows of the embedding, or of a tied table, are trained; else lists by module. */
export function tokenIndices(base: Base, settings: TableSettings): number[] | Record<string, number[]> | null {
  const sets = trainedTokens(base, settings).sets.filter((set) => !set.frozen)
  if (!sets.length) return null
  if (sets.length === 1 && sets[0].input) return [...sets[0].ids]
  return Object.fromEntries(sets.map(({ module, ids }) => [module.split('.').pop()!, [...ids]]))
}

/** Settings from PEFT's `trainable_token_indices`. @throws UnsupportedError for modules other than embedding and head */
export function tokenSettings(config: Readonly<Record<string, unknown>>, base: Base): TokenSettings {
  const given = (config.trainable_token_indices ?? []) as readonly number[] | Record<string, readonly number[]>
  const settings: TokenSettings = { newTokens: '', newTokenStart: 'random', newTokenHead: true, tokenIds: '', headTokenIds: '' }
  if (Array.isArray(given)) return { ...settings, tokenIds: given.join(', ') }
  const embedding = embeddingModule(base)
  for (const [module, ids] of Object.entries(given as Record<string, readonly number[]>)) {
    const key = module === headModule ? 'headTokenIds' : `.${embedding}`.endsWith(`.${module}`) ? 'tokenIds' : undefined
    if (!key)
      throw new UnsupportedError(
        say`adapter_config.json: expected trainable_token_indices for ${embedding} or lm_head, got ${module}. Use an adapter without them.`,
      )
    settings[key] = ids.join(', ')
  }
  return settings
}

/** Replaces the ids of new tokens by their names in the settings of an adapter, if these ids are the last ones of the lists. */
export function namedTokens(settings: TokenSettings & TargetSettings, names: readonly string[], base: Base): TokenSettings {
  if (!names.length) return settings
  const added = base.newTokenIds(names)
  const { vocab, tied } = base.config
  const { embedding, head } = targetNames(base, settings)
  const without = (key: 'tokenIds' | 'headTokenIds', updated: boolean) => {
    const ids = idsOf(settings, key)
    // The file of an updated table does not list rows that the base has too.
    const last = updated ? added.filter((id) => id >= vocab) : added
    const from = ids.length - last.length
    return last.every((id, i) => ids[from + i] === id) ? ids.slice(0, from).join(', ') : undefined
  }
  const tokenIds = without('tokenIds', embedding || (tied && head))
  const headTokenIds = without('headTokenIds', head && !tied)
  if (tokenIds === undefined) return settings
  return {
    ...settings,
    newTokens: names.join(', '),
    newTokenHead: tied || headTokenIds !== undefined,
    tokenIds,
    headTokenIds: headTokenIds ?? settings.headTokenIds,
  }
}

/** Whether some rows are trained only in the embedding or only in the head. */
export function tokensApart(base: Base, settings: TableSettings): boolean {
  return trainedTokens(base, settings).sets.some((set) => set.input !== set.head)
}

/** Puts the rows into the base's tables. A table that grows must already have its new rows. */
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
