// The folder of a run that continues elsewhere: rows, order, settings and starting values, which all engines share, and a folder for each
// engine. Rows are made while they are written, so a large dataset takes little memory.
import { UnsupportedError } from '../../config/errors'
import { joined, say, sentence } from '../../config/phrase'
import { isMeasured, stepMetrics } from '../../config/metrics'
import { jsonFile, weightsName } from '../../peft/adapter-folder'
import type { FolderFile } from '../../peft/model-folder'
import type { StreamedFile } from '../merge'
import { type Engine, textFile } from './engine'
import type { PreparedRow, PreparedRows, PreparedRun } from './prepared-run'
import { readme } from './readme'
import { engines } from './registry'

type ElsewhereFile = FolderFile | StreamedFile

/** Lines of a file that are made while it is written. */
function lines(path: string, made: () => Iterable<string>): StreamedFile {
  const encoder = new TextEncoder()
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    let some = ''
    for (const line of made()) {
      some += `${line}\n`
      if (some.length > 2 ** 20) {
        yield encoder.encode(some)
        some = ''
      }
    }
    yield encoder.encode(some)
  }
  // The size is known when the file is written.
  return { path, sizeBytes: 0, chunks }
}

const rowLine = ({ ids, labels, segments }: PreparedRow): string =>
  JSON.stringify({ input_ids: ids, attention_mask: ids.map(() => 1), labels, ...(segments && { segments }) })

function* rowLines({ count, row }: PreparedRows): Generator<string> {
  for (let place = 0; place < count; place++) yield rowLine(row(place))
}

/** What the scripts read of the run. */
function settingsFile(run: PreparedRun): FolderFile {
  const { method, settings, training, steps, model, basePath, written, trained, trainsBase, summary, firstLoss, evaluationName } = run
  const figures = stepMetrics
    .filter((metric) => isMeasured(metric, 'text'))
    .flatMap(({ key: metric, better, figures: all = [] }) => all.map(({ key, take }) => ({ key, metric, take, better })))
  return jsonFile('settings.json', {
    version: 1,
    method: method.name,
    methodSettings: settings,
    training,
    steps,
    model,
    base: written ? '../base' : basePath,
    virtualTokens: method.virtualTokens?.(settings) ?? 0,
    trainsBase,
    weightsFile: weightsName(method),
    evaluationName,
    trained: trained.map(({ name, decay, rate }) => ({ name, decay: training.decayAll || decay, rate })),
    firstLoss,
    figures,
    summary,
  })
}

const within = (folder: string, files: readonly ElsewhereFile[]): ElsewhereFile[] =>
  files.map((file) => ({ ...file, path: `${folder}/${file.path}` }))

/** The engines that can train the run, and what the others lack. @throws UnsupportedError if none can */
export function fitting(run: PreparedRun): { able: Engine[]; unable: { engine: Engine; lacks: string }[] } {
  const found = engines.map((engine) => ({ engine, lacks: engine.lacks(run) }))
  const able = found.flatMap(({ engine, lacks }) => (lacks ? [] : [engine]))
  const reasons = found.flatMap(({ lacks }) => (lacks ? [lacks] : []))
  if (!able.length)
    throw new UnsupportedError(
      say`export-run: expected a run that another engine can train, got one that none of them can. ${joined([...new Map(reasons.map((r) => [sentence(r), r])).values()], ' ')}`,
    )
  return { able, unable: found.flatMap(({ engine, lacks }) => (lacks ? [{ engine, lacks: sentence(lacks) }] : [])) }
}

/** All files of the folder. @throws UnsupportedError if no engine can train the run */
export function elsewhereFiles(run: PreparedRun): ElsewhereFile[] {
  const { able, unable } = fitting(run)
  return [
    textFile('README.md', readme(run, able, unable)),
    settingsFile(run),
    ...(run.recipe ? [jsonFile('recipe.json', run.recipe)] : []),
    lines('data/train.jsonl', () => rowLines(run.train)),
    lines('data/eval.jsonl', () => rowLines(run.evaluation)),
    lines('data/order.jsonl', () => run.order.map((rows) => JSON.stringify(rows))),
    ...within('start', run.start),
    ...within('base', run.written?.files ?? []),
    ...able.flatMap((engine) => within(engine.name, engine.files(run))),
  ]
}
