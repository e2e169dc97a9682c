// Tables that have a low-rank update and grow by new tokens. The new rows are frozen, and the update trains them as it trains all rows. In
// the adapter's file they are part of the whole table, as PEFT saves it with save_embedding_layers.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { type RankSettings, embeddingModule, embeddingSite, headModule, loraSites, targetNames } from './lora-sites'
import type { Tensors } from './merge'
import type { Base, FileTensor, NamedTensor } from './method'
import { type RowSet, type TableSettings, type TokenSettings, frozenRows, rowsAndMore, trainedTokens } from './token-rows'

const tableKey = ({ module }: RowSet) => `base_model.model.${module}.base_layer.weight`

/** The tensors of the weights file: whole tables in place of their new rows. */
export function withTables(trained: readonly FileTensor[], settings: TableSettings, base: Base): FileTensor[] {
  const { vocab } = trainedTokens(base, settings)
  const sets = new Map(frozenRows(base, settings).map((set) => [set.key, set]))
  return trained.map((t) => {
    const set = sets.get(t.name)
    return set ? { name: tableKey(set), shape: [vocab, base.config.hidden] } : t
  })
}

/** `tensors` with whole tables in place of their new rows. */
export async function wholeTables(tensors: Tensors, settings: TableSettings, base: Base): Promise<Tensors> {
  const { vocab } = trainedTokens(base, settings)
  const { hidden } = base.config
  const out = new Map(tensors)
  for (const set of frozenRows(base, settings)) {
    const rows = tensors.get(set.key)!.values
    const values = new Float32Array(vocab * hidden)
    values.set(await base.stored(set.tensor))
    set.ids.forEach((id, j) => values.set(rows.subarray(j * hidden, (j + 1) * hidden), id * hidden))
    out.delete(set.key)
    out.set(tableKey(set), { shape: [vocab, hidden], values })
  }
  return out
}

/** The new rows of a whole table. */
export function newRowsOf({ values }: NamedTensor, { ids }: RowSet, hidden: number): NamedTensor {
  const out = new Float32Array(ids.length * hidden)
  ids.forEach((id, j) => out.set(values.subarray(id * hidden, (id + 1) * hidden), j * hidden))
  return { shape: [ids.length, hidden], values: out }
}

/** The new rows of a file without their table: they are the base's, if it has them. @throws FormatError if it has not */
export async function baseRows(set: RowSet, base: Base): Promise<NamedTensor> {
  const { vocab, hidden } = base.config
  const more = set.ids.filter((id) => id >= vocab).length
  if (more)
    throw new FormatError(
      say`adapter: expected ${tableKey(set)} with the rows of ${more} new tokens, got none. Save the adapter again with save_embedding_layers=True.`,
    )
  return { shape: [set.ids.length, hidden], values: await base.rows(set.tensor, set.ids) }
}

/** `settings` with the ids of the rows that the file's updates have after the base's last row. @throws UnsupportedError if they are trained too */
export function withGrownRows<S extends RankSettings & TokenSettings>(settings: S, tensors: Tensors, base: Base): S {
  const { vocab, tied } = base.config
  const targets = targetNames(base, settings)
  const updated = { input: targets.embedding || (tied && targets.head), head: targets.head || (tied && targets.embedding) }
  if (updated.input && settings.tokenIds) throw rowsAndMore(embeddingModule(base))
  if (updated.head && settings.headTokenIds) throw rowsAndMore(headModule)
  const rowsOf = (key: string | undefined, axis: number) => Math.max(vocab, tensors.get(key ?? '')?.shape[axis] ?? 0)
  const head = rowsOf(loraSites(base, settings).find((s) => s.site === headModule)?.b, 0)
  const input = Math.max(rowsOf(embeddingSite(base, settings)?.a, 1), tied ? head : 0)
  const more = (ids: string, rows: number) =>
    [...(ids ? [ids] : []), ...Array.from({ length: rows - vocab }, (_, i) => vocab + i)].join(', ')
  return {
    ...settings,
    tokenIds: more(settings.tokenIds, input),
    headTokenIds: tied ? settings.headTokenIds : more(settings.headTokenIds, head),
  }
}

/** What people should know before training such rows; undefined if there are none. */
export function grownNotice(settings: TableSettings, base: Base): Phrase | undefined {
  const { vocab } = trainedTokens(base, settings)
  const sets = frozenRows(base, settings)
  if (!sets.length) return undefined
  const bytes = sets.length * vocab * base.config.hidden * 4
  const tables = sets.map(({ module }) => module.split('.').pop()).join(', ')
  return say`The update of ${tables} also covers the new tokens, so the adapter’s file holds each of these tables as a whole (${Math.ceil(bytes / 1e6)} MB). llama.cpp cannot add tokens with an adapter, so no adapter.gguf is written. Merge the adapter into a GGUF file instead.`
}
