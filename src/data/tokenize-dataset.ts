// Makes a Dataset of a file: reads its rows, maps their columns and encodes them. Tells its progress and can be stopped.
import { type WantedAsking, wantedAsking } from '../config/asking-fields'
import type { DataOptions } from '../config/data-options'
import { Cancelled, FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import { isGenerated, originColumn, originFrom } from '../config/recipe'
import type { TemplateRenderer } from '../tokenizer/template-renderer'
import type { Tokenizer } from '../tokenizer/tokenizer'
import { lengthNotes } from './asking-length'
import { unusable } from './cut-at-length'
import { Dataset } from './dataset'
import { type Encoder, encodeSamples } from './encode-sample'
import { detectMapping, withOptional } from './mapping'
import type { ReadRow } from './parse-row'
import type { DataSource, RowPlace } from './data-source'
import { type RowFile, openRowFile } from './in/row-file'
import type { Mapping, Row } from './row'
import { type PromptForm, askedForm, promptForm, unfitFor, unusedNotes } from './row-asking'
import { RowNotes } from './row-notes'
import { RowProblem } from './row-values'
import { type Sample, sampleOf } from './sample'
import { shortPhrase } from './short-text'
import { TurnNotes } from './turn-notes'
import { labelColumn } from './turn-training'
import { UnknownCharacters } from './unknown-characters'

export interface TokenizeProgress {
  rows: number
  readBytes: number
  /** 0…1; absent if the size is not known. */
  fraction?: number
}

interface TokenizeExtras {
  onProgress?: (progress: TokenizeProgress) => void
  signal?: AbortSignal
  /** The form of another dataset, so that the rows of an evaluation file are written in the same form. */
  form?: PromptForm
  /** Most tokens that are kept of a row, for example the model's context; absent = all. */
  keep?: number
}

/** Number of rows that the format is detected from; number of rows that are rendered and encoded together; most bytes of either. */
const firstRows = 100
const groupRows = 64
const groupBytes = 2 ** 23

/**
 * Reads and tokenises a dataset. Rows that cannot be used become `problems`. Throws FormatError if no row can be used or the format
 * is not recognised, and Cancelled when `signal` is aborted.
 */
export async function tokenizeDataset(
  source: DataSource,
  tokenizer: Tokenizer,
  renderer: TemplateRenderer | undefined,
  options: DataOptions,
  extras: TokenizeExtras = {},
): Promise<Dataset> {
  const notes: Phrase[] = []
  const onBytes = (bytes: number): void => run.read(bytes)
  const file = openRowFile(source, options.read, { onBytes, onNote: (note) => notes.push(note), signal: extras.signal })
  const run = new Tokenizing(file, tokenizer, renderer, options, extras)
  for await (const row of file.rows) await run.take(row)
  return run.finish(notes)
}

interface FoundRow {
  line: number
  value: Row
  place: RowPlace
}

class Tokenizing {
  readBytes = 0
  private readonly file: RowFile
  private readonly tokenizer: Tokenizer
  private readonly renderer?: TemplateRenderer
  private readonly options: DataOptions
  private readonly wanted: WantedAsking
  private readonly extras: TokenizeExtras
  private readonly notes: RowNotes
  private readonly unknown: UnknownCharacters
  /** Problems before the format is known. */
  private readonly early: { line: number; reason: Phrase }[] = []
  private earlyCount = 0
  private group: FoundRow[] = []
  private groupSize = 0
  private mapping?: Mapping
  private dataset?: Dataset
  private taken = 0
  private readonly turns = new TurnNotes()
  private lengths: readonly Phrase[] = []
  private toldAt = 0

  constructor(file: RowFile, tokenizer: Tokenizer, renderer: TemplateRenderer | undefined, options: DataOptions, extras: TokenizeExtras) {
    this.file = file
    this.tokenizer = tokenizer
    this.notes = new RowNotes(tokenizer)
    this.unknown = new UnknownCharacters(tokenizer)
    this.renderer = renderer
    this.options = options
    this.wanted = wantedAsking(options, options.like)
    this.extras = extras
  }

  /** Also a place to stop, because there may be no rows for a long time. */
  read(bytes: number): void {
    this.readBytes = bytes
    if (this.extras.signal?.aborted) throw new Cancelled()
  }

  async take({ line, value, place, problem, oddities }: ReadRow): Promise<void> {
    this.taken++
    if (!value || !place) this.problem(line, problem ?? say`not a row`)
    else {
      this.notes.row(value, oddities)
      this.group.push({ line, value, place })
      this.groupSize += place.sizeBytes
    }
    if (this.group.length >= (this.mapping ? groupRows : firstRows) || this.groupSize > groupBytes) await this.encodeGroup()
    await this.pulse()
  }

  /** `notes`: how the file was read. */
  async finish(notes: readonly Phrase[]): Promise<Dataset> {
    if (this.group.length) await this.encodeGroup()
    const dataset = this.dataset
    if (!dataset?.rows) {
      const { problems, problemCount } = dataset ?? { problems: this.early, problemCount: this.earlyCount }
      throw new FormatError(
        say`${this.file.again.name}: expected at least one row to train on, got ${unusable(problems, problemCount) ?? this.turns.unwanted ?? say`an empty file`}. Correct the file, or choose another one.`,
      )
    }
    dataset.columns = this.notes.columns()
    const { asked } = dataset.encoder
    const own = this.mapping ? this.notes.sentences(this.mapping, this.turns, asked === 'template') : []
    dataset.notes = [...notes, ...own, ...unusedNotes(asked, this.wanted), ...this.lengths]
    dataset.unknown = this.unknown.report()
    dataset.problems.sort((a, b) => a.line - b.line)
    this.extras.onProgress?.({ rows: this.taken, readBytes: this.readBytes, fraction: 1 })
    return dataset
  }

  /** Encodes the waiting rows; the first group decides the format. */
  private async encodeGroup(): Promise<void> {
    const group = this.group
    this.group = []
    this.groupSize = 0
    const rows = group.map((row) => row.value)
    const mapping = rows.reduce(withOptional, this.mapping ?? detectMapping(rows, this.options))
    this.mapping = mapping
    const samples: { line: number; place: RowPlace; sample: Sample; generated: boolean }[] = []
    for (const { line, value, place } of group) {
      if (this.turns.leavesOut(value, labelColumn(value, mapping))) continue
      try {
        const sample = sampleOf(value, mapping, this.tokenizer.vocabSize)
        const unfit = unfitFor(this.wanted, sample)
        if (unfit) throw new RowProblem(unfit)
        const origin = originFrom(value[originColumn])
        samples.push({ line, place, sample, generated: origin !== undefined && isGenerated(origin) })
      } catch (error) {
        if (!(error instanceof RowProblem)) throw error
        this.problem(line, error.phrase)
      }
    }
    const read = samples.map((s) => s.sample)
    const isFirst = this.dataset === undefined
    const dataset = (this.dataset ??= this.open(mapping, read))
    dataset.readWith(mapping)
    const examples = await encodeSamples(read, dataset.encoder)
    // An evaluation file is asked like its dataset, which says it.
    if (isFirst && !this.extras.form) this.lengths = await lengthNotes(read, examples, dataset.encoder, mapping.format, this.wanted)
    examples.forEach((example, i) => {
      const { line, place, sample, generated } = samples[i]
      if (example instanceof RowProblem) return this.problem(line, example.phrase)
      if (!dataset.add(example, line, place, generated)) return
      this.notes.sample(sample, dataset.encoder)
      this.turns.look(example)
      this.unknown.add(sample, dataset.rows - 1)
    })
  }

  private open(mapping: Mapping, samples: readonly Sample[]): Dataset {
    const { wanted, tokenizer, renderer } = this
    const { trainOn, like } = this.options
    const form = this.extras.form ?? promptForm(samples, wanted, like, tokenizer)
    const asked = askedForm(mapping.format, wanted, renderer !== undefined)
    const encoder: Encoder = { tokenizer, renderer, form, asked, trainOn }
    const dataset = new Dataset(this.file.again, mapping.format, encoder, this.extras.keep)
    dataset.copy = this.file.copy
    for (const { line, reason } of this.early) dataset.addProblem(line, reason)
    dataset.problemCount = this.earlyCount
    return dataset
  }

  private problem(line: number, reason: Phrase): void {
    if (this.dataset) this.dataset.addProblem(line, reason)
    else if (this.earlyCount++ < 1000) this.early.push({ line, reason: shortPhrase(reason) })
  }

  /** Tells the progress and lets other messages through, such as a request to stop, a few times a second. */
  private async pulse(): Promise<void> {
    const { onProgress, signal } = this.extras
    if (signal?.aborted) throw new Cancelled()
    if (performance.now() - this.toldAt < 100) return
    const { sizeBytes } = this.file.again
    onProgress?.({
      rows: this.taken,
      readBytes: this.readBytes,
      fraction: sizeBytes ? Math.min(1, this.readBytes / sizeBytes) : undefined,
    })
    await new Promise((resolve) => setTimeout(resolve))
    this.toldAt = performance.now()
    if (signal?.aborted) throw new Cancelled()
  }
}
