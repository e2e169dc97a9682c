// The demos of pictures, each by several methods and from several seeds: a model that knows shapes learns drawings, and a model that
// compares pictures with texts learns to sort drawings by the colour of their paper.
import { FormatError } from '../config/errors'
import { type Phrase, say } from '../config/phrase'
import type { BaseFormat } from '../config/run-config'
import type { PickedFile } from '../worker/api'
import { type DemoFetch, type DemoKind, type DemoTold, fetchEach, must } from './demo-state'

type PictureDemoKind = Exclude<DemoKind, 'text'>

/** Their folders in public/demo. */
const folders: Record<PictureDemoKind, string> = { pictures: 'pictures/', words: 'clip/' }

/** demo.json in such a folder; paths are relative to it. */
interface PictureDemoPlan {
  /** The name of its model. */
  name: string
  model: string[]
  /** A zip with a folder of pictures for each class. */
  data: string
  /** The comparison as the part of an address behind `#compare?` (src/store/settings-link.ts). */
  comparison: string
}

export interface PictureDemoSteps {
  fetchFile: DemoFetch
  /** Each of these returns the reason if it was not completed. */
  openModel(files: PickedFile[], base: BaseFormat): Promise<Phrase | undefined>
  openPictures(zip: PickedFile): Promise<Phrase | undefined>
  /** The model, and then this set of pictures. */
  openModelFor(pictures: PickedFile, files: PickedFile[]): Promise<Phrase | undefined>
  /** Sets the comparison up and starts it; resolves with its id. @throws if it cannot start */
  compare(query: string): Promise<string>
  /** The runs of a comparison, in the order in which they train. */
  runsOf(comparisonId: string): string[]
  /** Resolves when the run has ended, with the reason if it has no adapter; or when another tab has taken it over. */
  finished(runId: string): Promise<Phrase | 'elsewhere' | undefined>
}

/** demo.json of a folder, checked. @throws FormatError */
function parsePictureDemoPlan(folder: string, input: unknown): PictureDemoPlan {
  const { name, model, data, comparison } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  const isText = (value: unknown): value is string => typeof value === 'string'
  if (!isText(name) || !Array.isArray(model) || !model.every(isText) || !isText(data) || !isText(comparison))
    throw new FormatError(
      say`demo/${folder}demo.json: expected the entries name, model (paths), data and comparison, got others. Put the demo folder of the release back.`,
    )
  return { name, model, data, comparison }
}

/** The plan and its model. The model's files are called by its name. */
export async function fetchPictureModel(
  kind: PictureDemoKind,
  fetchFile: DemoFetch,
  onProgress: DemoTold['onProgress'],
): Promise<{ plan: PictureDemoPlan; model: PickedFile[] }> {
  const folder = folders[kind]
  const plan = parsePictureDemoPlan(folder, JSON.parse(await (await fetchFile(`${folder}demo.json`)).text()))
  const files = await fetchEach(
    plan.model.map((path) => folder + path),
    fetchFile,
    onProgress,
  )
  return { plan, model: files.map(({ file }, i) => ({ path: `${plan.name}/${plan.model[i]}`, file })) }
}

/** @throws TabTuneError with the reason why it was not completed */
export async function playPictures(kind: PictureDemoKind, steps: PictureDemoSteps, { at, onProgress }: DemoTold): Promise<void> {
  const { plan, model } = await fetchPictureModel(kind, steps.fetchFile, onProgress)
  const file = await steps.fetchFile(folders[kind] + plan.data)
  at('loading')
  must(await steps.openModel(model, 'native'))
  must(await steps.openPictures({ path: plan.data, file }))
  const comparisonId = await steps.compare(plan.comparison)
  at('comparing', { comparisonId })
  for (const run of steps.runsOf(comparisonId)) {
    const problem = await steps.finished(run)
    if (problem === 'elsewhere') return at('elsewhere')
    must(problem)
  }
  at('done')
}
