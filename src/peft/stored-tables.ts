// The base's tables that PEFT saves with an adapter (save_embedding_layers, a resized vocabulary, an adapted table). PEFT loads them into
// the base. Here, copies of the base's tables are ignored, and tables that differ replace the base's as modules_to_save do. Of a table that
// grows under an update, the new rows are kept.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { type Settings, typedSettings } from '../config/field'
import { baseRows, newRowsOf } from './grown-tables'
import { embeddingModule, headModule, targetField } from './lora-sites'
import type { Base, NamedTensor } from './method'
import { savedFields, savedModules } from './saved-modules'
import { listed } from './targets'
import { type RowSet, type TableSettings, frozenRows, tokenFields, trainedTokens } from './token-rows'

type Tensors = ReadonlyMap<string, NamedTensor>

interface Table {
  key: string
  module: string
  /** The wrapper that PEFT put around the module; undefined without one. */
  wrapped: string | undefined
  tensor: NamedTensor
}

const keyed = /^base_model\.model\.(.+?)\.(?:(base_layer|token_adapter\.base_layer|original_module|modules_to_save)\.)?weight$/
const blockRows = 1024

function tablesOf(tensors: Tensors, base: Base): Table[] {
  const modules = new Set([embeddingModule(base), headModule])
  return [...tensors].flatMap(([key, tensor]) => {
    const [, module, wrapped] = keyed.exec(key) ?? []
    return module !== undefined && modules.has(module) ? [{ key, module, wrapped, tensor }] : []
  })
}

const baseTensor = (base: Base, module: string) => (module === headModule ? base.family.head(base.config) : `${module}.weight`)

const rowsIn = (sets: readonly RowSet[], { module }: Table) => sets.find((set) => (module === headModule ? set.head : set.input))

/** @throws FormatError if a table has more or fewer rows than the base with the adapter's tokens */
function checkSizes(tables: readonly Table[], added: readonly RowSet[], settings: TableSettings, base: Base): void {
  const { vocab, hidden } = base.config
  for (const table of tables) {
    const { key, wrapped, tensor } = table
    const [rows, columns] = tensor.shape
    const grows = wrapped === 'token_adapter.base_layer' || rowsIn(added, table)
    const most = grows ? trainedTokens(base, settings).vocab : vocab
    if (tensor.shape.length === 2 && columns === hidden && rows >= vocab && rows <= most) continue
    const grown = tensor.shape.length === 2 && columns === hidden && rows > vocab
    const advice = grown
      ? say`The adapter was trained after ${rows - vocab} tokens were added to the vocabulary. Use it with the model that has them, or train again with New tokens.`
      : say`Use the adapter with the model that it was trained on.`
    throw new FormatError(
      say`adapter, ${key}: expected the shape [${vocab}, ${hidden}] of this table in ${base.name}, got [${tensor.shape.join(', ')}]. ${advice}`,
    )
  }
}

/** Whether the table equals the base's table bit for bit, as far as the base has rows and apart from those of new tokens. */
async function isCopy({ module, tensor }: Table, base: Base, added: RowSet | undefined): Promise<boolean> {
  const others = new Set(added?.ids)
  const { vocab, hidden } = base.config
  const name = baseTensor(base, module)
  for (let first = 0; first < vocab; first += blockRows) {
    const rows = Math.min(blockRows, vocab - first)
    const block = await base.rows(
      name,
      Array.from({ length: rows }, (_, i) => first + i),
    )
    for (let i = 0; i < block.length; i++)
      if (block[i] !== tensor.values[first * hidden + i] && !others.has(first + Math.floor(i / hidden))) return false
  }
  return true
}

const sameValues = (a: NamedTensor, b: NamedTensor) => a.values.length === b.values.length && a.values.every((v, i) => v === b.values[i])

const named = (tables: readonly Table[]) => tables.map((t) => `${t.key} [${t.tensor.shape.join(', ')}]`).join(' and ')

function apart(tables: readonly Table[], base: Base): UnsupportedError {
  return new UnsupportedError(
    say`adapter: expected the same values for embedding and head, which are one tensor in ${base.name}, got different ones in ${named(tables)}. Use the model that it was trained on.`,
  )
}

/** The frozen rows of new tokens. @throws FormatError, UnsupportedError if the file has none, or two different ones */
async function newRows(set: RowSet, all: readonly Table[], base: Base): Promise<NamedTensor> {
  const tables = all.filter((table) => rowsIn([set], table) && set.ids.every((id) => id < table.tensor.shape[0]))
  if (!tables.length) return baseRows(set, base)
  const [first, second = first] = tables.map((table) => newRowsOf(table.tensor, set, base.config.hidden))
  if (!sameValues(first, second)) throw apart(tables, base)
  return first
}

/** Tables that replace the base's, by module. @throws UnsupportedError if they cannot replace them */
function replacements(tables: readonly Table[], base: Base, canReplace: boolean): Map<string, NamedTensor> {
  const [first, second] = tables
  if (first && (!canReplace || tables.some((t) => t.wrapped !== undefined)))
    throw new UnsupportedError(
      say`adapter: expected its embedding and head to equal those of ${base.name}, got other values in ${named(tables)}. Use the model that it was trained on, or merge it into that model with PEFT.`,
    )
  if (!first || !base.config.tied) return new Map(tables.map((t) => [t.module, t.tensor]))
  if (second && !sameValues(first.tensor, second.tensor)) throw apart(tables, base)
  return new Map([embeddingModule(base), headModule].map((module) => [module, first.tensor]))
}

/**
 * The adapter without copies of the base's tables. If `canReplace`, the method has `modulesToSave`, and other tables become such modules.
 * @throws FormatError for tables of other sizes; UnsupportedError for tables that cannot replace the base's
 */
export async function withoutTables(
  { settings, tensors }: { settings: Settings; tensors: Tensors },
  base: Base,
  canReplace: boolean,
): Promise<{ settings: Settings; tensors: Tensors }> {
  const tables = tablesOf(tensors, base)
  const own = typedSettings(say`adapter`, [targetField, ...tokenFields, ...savedFields], settings)
  const grown = frozenRows(base, own)
  if (!tables.length && !grown.length) return { settings, tensors }
  checkSizes(tables, grown, own, base)
  const trained = new Set(savedModules(base, own).map((s) => s.key))
  const out = new Map(tensors)
  const others: Table[] = []
  for (const table of tables) {
    if (trained.has(table.key)) continue
    const twin = table.wrapped === 'modules_to_save' ? tensors.get(`base_model.model.${table.module}.weight`) : undefined
    if (twin ? !sameValues(twin, table.tensor) : !(await isCopy(table, base, rowsIn(grown, table)))) others.push(table)
    out.delete(table.key)
  }
  for (const set of grown) out.set(set.key, await newRows(set, tables, base))
  const replaced = replacements(others, base, canReplace)
  if (!replaced.size) return { settings, tensors: out }
  for (const [module, tensor] of replaced) out.set(`base_model.model.${module}.weight`, tensor)
  const names = [...replaced.keys()].map((module) => module.split('.').pop()!)
  return { settings: { ...settings, modulesToSave: [...listed(own.modulesToSave), ...names].join(', ') }, tensors: out }
}
