// Files of rows, the steps taken on them and the rows after the last step: what the page's workbench and tabtune data hold.
import {
  type FileReport,
  type LabelQuery,
  type Part,
  type RecipeReport,
  type RecipeStep,
  type RewriteQuery,
  type RowQuery,
  parts,
} from '../config/recipe'
import type { ReadHow } from '../config/read-how'
import type { DataSource } from '../data/data-source'
import { type ApplyWatch, RecipeRun } from './apply'
import { type RowPage, pageOf, placesOf } from './look'
import { readFile } from './read'
import type { WorkRow } from './row'
import { type RowSample, sampleOfRows, sampledRows } from './row-sample'
import { rowsToLabel } from './to-label'
import { rowsToRewrite } from './to-rewrite'
import { gzipPieces, jsonlPieces, recipeReport } from './write'

interface WorkSource {
  /** Another reading of the same file has another id. */
  id: string
  source: DataSource
  part: Part
  /** How it is read; absent = that is guessed. */
  how?: ReadHow
}

interface OpenWatch {
  signal?: AbortSignal
  /** `fraction` of all bytes that are new. */
  onProgress?(fraction: number): void
}

interface OpenFile {
  id: string
  part: Part
  rows: readonly WorkRow[]
  report: FileReport
}

export class Workbench {
  private files: readonly OpenFile[] = []
  private run = new RecipeRun([])
  private rows: readonly WorkRow[] = []
  private found: { key: string; rows: readonly WorkRow[]; places: readonly number[] } | undefined

  /**
   * Holds these files, and reads those that are new. Files for training come first, whatever their order here, so that the page
   * and the command line give the same bytes. If a file cannot be read, nothing changes. Returns a report for each source. @throws FormatError, Cancelled
   */
  async open(sources: readonly WorkSource[], watch: OpenWatch = {}): Promise<FileReport[]> {
    const isOpen = ({ id }: WorkSource): boolean => this.files.some((file) => file.id === id)
    const all = sources.filter((each) => !isOpen(each)).reduce((sum, { source }) => sum + (source.sizeBytes ?? 0), 0)
    let before = 0
    const files: OpenFile[] = []
    for (const each of sources) {
      const { id, source, part, how } = each
      const open = this.files.find((file) => file.id === id)
      if (open) {
        files.push(inPart(open, part))
        continue
      }
      const onBytes = (bytes: number): void => watch.onProgress?.((before + bytes) / Math.max(1, all))
      files.push({ id, part, ...(await readFile(source, part, { how, signal: watch.signal, onBytes })) })
      before += source.sizeBytes ?? 0
    }
    this.files = parts.flatMap((part) => files.filter((file) => file.part === part))
    this.rows = this.files.flatMap(({ rows }) => rows)
    this.found = undefined
    this.run = new RecipeRun(this.rows)
    return files.map(({ report }) => report)
  }

  /** Takes these steps. If one fails, nothing changes. @throws FormatError, Cancelled */
  async apply(steps: readonly RecipeStep[], watch?: ApplyWatch): Promise<RecipeReport> {
    const { rows, reports } = await this.run.apply(steps, watch)
    this.rows = rows
    return recipeReport(
      this.files.map(({ report }) => report),
      reports,
      rows,
    )
  }

  /** Rows `from` … `from + count` of those that fit the query. */
  look(query: RowQuery, from: number, count: number): RowPage {
    const key = JSON.stringify(query)
    if (this.found?.key !== key || this.found.rows !== this.rows) this.found = { key, rows: this.rows, places: placesOf(this.rows, query) }
    const { places } = this.found
    return pageOf(this.rows, places.length, places.slice(from, from + count))
  }

  /** Rows that a person may label. */
  toLabel(query: LabelQuery, from: number, count: number): ReturnType<typeof rowsToLabel> {
    return rowsToLabel(this.rows, query, from, count)
  }

  /** Rows with prompts that a model may rewrite. */
  toRewrite(query: RewriteQuery, from: number, count: number): ReturnType<typeof rowsToRewrite> {
    return rowsToRewrite(this.rows, query, from, count)
  }

  /** `count` of the rows that the seed chooses, as a table and as JSONL with a line for each. */
  async sample(count: number, seed: number): Promise<RowSample & { pieces: Generator<Uint8Array<ArrayBuffer>> }> {
    const sampled = sampledRows(this.rows, count, seed)
    const inOneFile = sampled.map((row): WorkRow => ({ ...row, part: 'train' }))
    return { ...(await sampleOfRows(this.rows, sampled)), pieces: jsonlPieces(inOneFile, 'train') }
  }

  has(part: Part): boolean {
    return this.rows.some((row) => row.part === part)
  }

  /** The rows of a part as JSONL, packed by gzip if that is asked for. */
  pieces(part: Part, zipped = false): Generator<Uint8Array<ArrayBuffer>> {
    const pieces = jsonlPieces(this.rows, part)
    return zipped ? gzipPieces(pieces) : pieces
  }
}

const inPart = (file: OpenFile, part: Part): OpenFile =>
  file.part === part ? file : { ...file, part, rows: file.rows.map((row) => ({ ...row, part })) }
