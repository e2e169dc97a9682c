// The kinds of files that rows are read from. The first that a file is like is taken.
import type { FileKind } from '../../config/read-how'
import { csv } from './csv'
import { jsonl } from './jsonl'
import type { RowKind } from './kind'
import { markdown } from './markdown'
import { parquet } from './parquet'
import { text } from './text'

export const rowKinds: readonly RowKind[] = [parquet, jsonl, csv, markdown, text]

export const kindOf = (kind: FileKind): RowKind => rowKinds.find((one) => one.kind === kind) ?? text
