// What somebody who helps needs to know about this page, as text to copy: English for every reader. It holds no rows, no prompts and no names
// of files.
import { type Phrase, sentence } from '../config/phrase'
import type { Studio } from './studio'

interface Browser {
  version: string
  userAgent: string
  languages: readonly string[]
}

/** The most errors of one kind that are listed: those of runs, for example, may be many. */
const mostOfKind = 10

/** All that has failed and is still shown somewhere on the page, by the part of the page that shows it. */
function errorsOf(studio: Studio): [part: string, Phrase][] {
  const { answers, archive, bench, chats, comparison, copies, data, demo, device, imports, labelling, model, older } = studio
  const { pictures, play, runs, setup, sorting, tasks, workbench } = studio
  const one = { answers, archive, bench, copies, data, demo, device, imports, labelling, model, older, pictures, runs, setup, sorting, workbench } // prettier-ignore
  const { failed } = tasks.store.getState()
  const { runs: all, problems } = runs.store.getState()
  const said: [string, readonly (Phrase | undefined)[]][] = [
    ...Object.entries(one).map(([part, { store }]): [string, [Phrase | undefined]] => [part, [store.getState().error]]),
    ['rows', [data.store.getState().failed?.reason]],
    ['chats', [chats.store.getState().problem]],
    ['comparison files', [comparison.store.getState().files.problem]],
    [`task ${failed?.task.kind}`, [failed?.reason]],
    ['chat answer', play.store.getState().turns.flatMap((turn) => Object.values(turn.answers).map(({ error }) => error))],
    ['copy', copies.store.getState().problems.map(({ reason }) => reason)],
    ['kept run', problems.map(({ reason }) => reason)],
    ['run', all.flatMap(({ error, unkept, snapshotProblem }) => [error, unkept, snapshotProblem])],
  ]
  return said.flatMap(([part, phrases]) =>
    phrases.flatMap((phrase): [string, Phrase][] => (phrase ? [[part, phrase]] : [])).slice(-mostOfKind),
  )
}

/** A sentence without its words that vary, since names and contents of files may say something about a person. Numbers stay. */
const bare = ({ key, values }: Phrase): Phrase => ({
  key,
  values: values.map((value) => (typeof value === 'string' ? '…' : typeof value === 'object' ? bare(value) : value)),
})

/** One fact on each line. */
export function diagnosticsOf(studio: Studio, { version, userAgent, languages }: Browser): string {
  const { status, report, problem } = studio.device.store.getState()
  const { report: model } = studio.model.store.getState()
  const { report: data } = studio.data.store.getState()
  const { runs, usage } = studio.runs.store.getState()
  const errors = errorsOf(studio).map(([part, phrase]) => `error (${part}): ${sentence(bare(phrase))}`)
  const lines = [
    `TabTune ${version}`,
    `browser: ${userAgent}`,
    `languages: ${languages.join(', ')}`,
    `adapter: ${report ? `${report.name}${report.software ? ' (software)' : ''}` : `none (${problem ?? status})`}`,
    ...(report ? [`limits: maxBufferSize ${report.maxBufferBytes}, maxStorageBufferBindingSize ${report.maxBindingBytes}`] : []),
    ...Object.entries(report?.limits ?? {}).map(([key, value]) => `limit ${key}: ${value}`),
    ...(report?.features ? [`features: ${report.features.join(', ') || 'none'}`] : []),
    ...(model ? [`model: ${model.family}, ${model.layers} layers × ${model.hidden}, ${model.container}, base ${model.base}`] : []),
    ...(data ? [`data: ${data.format}, ${data.trainRows} rows to train on, ${data.evalRows} held out`] : []),
    `runs: ${runs.length}${runs.length > 0 ? `, the last ${runs.at(-1)?.config.method} ${runs.at(-1)?.status}` : ''}`,
    ...(usage ? [`storage: ${usage.usedBytes} of ${usage.offeredBytes} bytes used`] : []),
    ...(errors.length > 0 ? new Set(errors) : ['errors: none']),
  ]
  return `${lines.join('\n')}\n`
}
