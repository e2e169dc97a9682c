// Adds an adapter that was not trained here as an entry beside the runs.
import { baseNotice, identityIn, likeness } from '../config/identity'
import { type Phrase, say } from '../config/phrase'
import { defaultTraining } from '../config/run-config'
import type { AdapterFiles, EngineApi } from '../worker/api'
import type { Holding } from './holding'
import type { ModelSlice } from './model-store'
import type { PlaySlice } from './play-store'
import type { Run } from './run'
import { runOfFiles } from './run-files'
import { namesIn, nextColour, nextName } from './run-names'
import type { RunsSlice } from './runs-store'
import type { SetupSlice } from './setup-store'

export interface EntryParts {
  engine: EngineApi
  model: ModelSlice
  setup: SetupSlice
  runs: RunsSlice
  play: PlaySlice
  holding: Holding
}

export interface About extends Pick<Run, 'status' | 'combination'> {
  /** The person wants an adapter of another model here. */
  agreed?: boolean
}

/** The new entry's id; or why the adapter does not fit the model, or which of its files could not be read. */
interface Entered {
  id?: string
  /** It was trained on another model. It is entered if the person agrees. */
  question?: Phrase
  problem?: Phrase
}

/** `wanted`, with a number if another run has that name. */
function freeName(wanted: string, label: string, runs: readonly Run[]): string {
  if (!wanted) return nextName(label, runs)
  return namesIn(runs)(wanted) ? nextName(wanted, runs) : wanted
}

export function createEnterAdapter({ engine, model, setup, runs, play, holding }: EntryParts) {
  return async (adapter: AdapterFiles, name: string, about: About): Promise<Entered> => {
    const id = crypto.randomUUID()
    const result = await engine.restoreAdapter(id, adapter)
    if (!result.ok) return { problem: result.error.phrase }
    const report = model.store.getState().report
    const method = setup.store.getState().methods.find((m) => m.name === result.value.method)
    const { trainedOn } = result.value
    if (report && !about.agreed && likeness(trainedOn, report) === 'other') {
      await engine.forgetAdapter(id)
      return { question: baseNotice(trainedOn, report) }
    }
    if (!report || !method) return { problem: say`No model is loaded. Load the adapter’s base model and drop the adapter again.` }
    const all = runs.store.getState().runs
    // A folder that TabTune wrote has the metrics of its training.
    const { summary, events, problem } = about.status === 'imported' ? runOfFiles(adapter) : { events: [] }
    runs.add({
      status: about.status,
      combination: about.combination,
      id,
      name: freeName(name, method.label, all),
      colour: nextColour(all),
      createdAt: Math.max(Date.now(), 1 + Math.max(0, ...all.map((r) => r.createdAt))),
      config: {
        method: method.name,
        methodSettings: result.value.settings,
        training: summary?.config.training ?? defaultTraining(method.training),
      },
      methodLabel: method.label,
      exports: method.exports,
      model: { name: report.name, family: report.family, base: report.base, ...identityIn(report) },
      data: summary?.data ?? { name: '', rows: 0 },
      summary,
      oldEval: summary?.oldEval,
      memory: summary?.memory,
      madeFor: about.status === 'imported' ? result.value.madeFor : undefined,
      trainedOn: about.status === 'imported' ? trainedOn : undefined,
      asking: result.value.asking,
      visible: events.length > 0,
      figures: {},
    })
    runs.apply(id, events)
    await runs.keepAdapter(id, { last: adapter })
    holding.mark(id)
    play.show(id)
    return { id, problem }
  }
}
