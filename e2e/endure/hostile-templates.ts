// Hostile chat templates, rendered as for a dataset in the caller's thread, as the command line does it.
import { TabTuneError } from '../../src/config/errors'
import { sentence } from '../../src/config/phrase'
import type { ChatMessage } from '../../src/tokenizer/chat-message'
import { directRenderer } from '../../src/tokenizer/template-renderer'
import { hostileTemplate } from './hostile-chat-templates'
import type { EndurePart, EndureResult } from './part'

const talk: ChatMessage[] = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
]
/** Most processor time until a template is stopped. Rendering has half a second of its own; the rest is for a busy processor and for what it had made. */
const mostMs = 3000

interface Ended {
  how: 'refused' | 'rendered' | 'untyped'
  told: string
}

async function ended(template: string): Promise<Ended> {
  try {
    const [result] = await directRenderer(template).render([{ messages: talk, want: [1] }])
    return 'problem' in result ? { how: 'refused', told: sentence(result.problem) } : { how: 'rendered', told: result.text }
  } catch (error) {
    return { how: error instanceof TabTuneError ? 'refused' : 'untyped', told: String(error) }
  }
}

/** Text that only the program around a template could give. */
const leaked = /\[native code\]|\[object |function |=>|node:|globalThis|root:/

async function run({ count, seed, report }: { count: number; seed: number; report(done: number): void }): Promise<EndureResult> {
  const failures: EndureResult['failures'][number][] = []
  let slowest = { ms: 0, kind: '' }
  let refusals = 0
  for (let i = 0; i < count; i++) {
    const { kind, template, ends } = hostileTemplate(seed + i)
    const started = process.cpuUsage()
    const { how, told } = await ended(template)
    const { user, system } = process.cpuUsage(started)
    const ms = (user + system) / 1000
    const fail = (problem: string) =>
      failures.push({ case: i, problem: `${kind}: ${problem} (${told.slice(0, 200)}) ${template.slice(0, 200)}` })
    if (how === 'refused') refusals++
    if (ms > slowest.ms) slowest = { ms, kind }
    if (how === 'untyped') fail('an untyped error')
    if (ends === 'refused' && how === 'rendered') fail('rendered')
    if (ends === 'harmless' && how === 'refused') fail('refused')
    if (leaked.test(told)) fail('shows the program around it')
    if (told.length > 2000 && how === 'refused') fail(`a sentence of ${told.length} characters`)
    if (ms > mostMs) fail(`${Math.round(ms)} ms`)
    if (({} as Record<string, unknown>).polluted !== undefined) fail('changes the prototype of all objects')
    report(i + 1)
  }
  const figures = [`${refusals} refused or stopped`, `slowest ${Math.round(slowest.ms)} ms of processor time (${slowest.kind})`]
  return { figures, failures }
}

export const part: EndurePart = {
  name: 'hostile-templates',
  shows: 'every hostile chat template is stopped within its half second and gets its sentence',
  unit: 'templates',
  counts: { sample: 14, usual: 100, long: 2000 },
  run,
}
