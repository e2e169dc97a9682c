// What somebody who helps needs to know about this page, as text to copy: English for every reader. It holds no rows, no prompts and no names
// of files.
import { type Phrase, sentence } from '../config/phrase'
import type { Studio } from './studio'

interface Browser {
  version: string
  userAgent: string
  languages: readonly string[]
}

/** The newest reason that the page knows for something that failed. */
function lastError({ runs, model, data, demo, copies, tasks, device, imports }: Studio): Phrase | undefined {
  const failed = runs.store.getState().runs.findLast(({ error }) => error)
  const now = [runs, model, data, demo, copies, device, imports].map(({ store }) => store.getState().error)
  const unread = data.store.getState().failed?.reason
  return now.find((error) => error !== undefined) ?? unread ?? tasks.store.getState().failed?.reason ?? failed?.error
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
  const error = lastError(studio)
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
    `last error: ${error ? sentence(bare(error)) : 'none'}`,
  ]
  return `${lines.join('\n')}\n`
}
