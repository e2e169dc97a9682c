// The workbench behind the worker's interface.
import type { LabelQuery, Part, RecipeStep, RewriteQuery, RowQuery } from '../config/recipe'
import { fileSource } from '../data/data-source'
import { mixFiles } from '../recipe/mixing'
import { Workbench } from '../recipe/workbench'
import { guarded, seldomTold } from './guarded'
import type { MixFiles, MixHow, MixedRows, WorkFile, WorkbenchApi } from './workbench-api'

/** The content of a file decides how it is read; its name should not say otherwise. */
const jsonlName = (name: string): string => (name.endsWith('.jsonl') ? name : `${name}.jsonl`)

export class WorkbenchHost implements WorkbenchApi {
  private readonly workbench = new Workbench()
  private aborting = new AbortController()

  open(files: readonly WorkFile[], onProgress: (fraction: number) => void) {
    const sources = files.map(({ file, ...about }) => ({ ...about, source: fileSource(file) }))
    return guarded(() => this.workbench.open(sources, { signal: this.begin(), onProgress: seldomTold(onProgress) }))
  }

  apply(steps: readonly RecipeStep[], onProgress: (step: number, fraction: number) => void) {
    return guarded(() => this.workbench.apply(steps, { signal: this.begin(), onProgress }))
  }

  look(query: RowQuery, from: number, count: number) {
    return guarded(() => Promise.resolve(this.workbench.look(query, from, count)))
  }

  toLabel(query: LabelQuery, from: number, count: number) {
    return guarded(() => this.workbench.toLabel(query, from, count))
  }

  toRewrite(query: RewriteQuery, from: number, count: number) {
    return guarded(() => this.workbench.toRewrite(query, from, count))
  }

  sample(count: number, seed: number) {
    return guarded(async () => {
      const { pieces, ...sample } = await this.workbench.sample(count, seed)
      return { ...sample, file: new Blob([...pieces], { type: 'application/jsonl' }) }
    })
  }

  cleaned(part: Part, zipped: boolean) {
    const type = zipped ? 'application/gzip' : 'application/jsonl'
    return guarded(() => Promise.resolve(new Blob([...this.workbench.pieces(part, zipped)], { type })))
  }

  mixed({ fresh, evaluation, old, oldEvaluation }: MixFiles, how: MixHow) {
    return guarded(async (): Promise<MixedRows> => {
      const mix = await mixFiles({
        ...how,
        fresh: fileSource(fresh),
        evaluation: evaluation && fileSource(evaluation),
        old: fileSource(old),
        oldEvaluation: oldEvaluation && fileSource(oldEvaluation),
        skipBad: false,
      })
      const { name, evalName, replay, notes } = mix
      const train = new File([...mix.train], jsonlName(name))
      return { train, ...(mix.evaluation && { evaluation: new File([...mix.evaluation], jsonlName(evalName)) }), replay, notes }
    })
  }

  cancel() {
    this.aborting.abort()
    return Promise.resolve()
  }

  private begin(): AbortSignal {
    this.aborting = new AbortController()
    return this.aborting.signal
  }
}
