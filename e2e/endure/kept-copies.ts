// Copies of the demo's model and rows, in a storage that fails while they are made or whose bytes change afterwards. A copy is found whole,
// named as damaged, or not there: no changed byte is ever loaded.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../src/cli/node/cache.mjs'
import { TabTuneError } from '../../src/config/errors'
import { BlobSource } from '../../src/formats/blob-source'
import { CheckedSource } from '../../src/formats/checked-source'
import { hashing, identityOf } from '../../src/formats/fingerprint'
import { finiteRows } from '../../src/formats/load-weights'
import { openModel } from '../../src/formats/open-model'
import { keptFiles } from '../../src/storage/kept-files'
import type { DemoPlan } from '../../src/store/demo'
import { Operations, faultKinds } from '../../src/testing/memory-folder'
import { type SpaceFolders, memorySpace } from '../../src/testing/memory-space'
import { memoryStore } from '../../src/testing/memory-store'
import { randomNumbers } from '../../src/testing/random'
import type { EndurePart } from './part'

interface Original {
  path: string
  file: File
  sums?: string
}

const demo = join(root, 'public/demo')
const plan: DemoPlan = JSON.parse(readFileSync(join(demo, 'demo.json'), 'utf8'))
const original = (name: string): Original => ({ path: `demo/${name}`, file: new File([readFileSync(join(demo, name))], name) })
const model = plan.model.map(original)
const rows = [original(plan.train)]

/** The fingerprint of a model, with every weight read as the loader reads it. */
async function fingerprint(files: readonly Original[]): Promise<string> {
  const opened = await openModel(
    files.map(({ path, file, sums }) => {
      const source = new BlobSource(path, file)
      return sums === undefined ? source : new CheckedSource(source, sums)
    }),
  )
  const read = hashing(opened.tensors)
  for (const { name, shape } of opened.tensors.values()) await finiteRows(read.tensors.get(name)!, 0, shape.length > 1 ? shape[0] : 1)
  return (await identityOf(opened.config, read, new Map())).fingerprint
}

async function same(a: readonly Original[], b: readonly Original[]): Promise<boolean> {
  if (a.length !== b.length) return false
  for (const [i, { path, file }] of a.entries()) {
    if (path !== b[i].path || file.size !== b[i].file.size) return false
    if (Buffer.compare(Buffer.from(await file.arrayBuffer()), Buffer.from(await b[i].file.arrayBuffer())) !== 0) return false
  }
  return true
}

/** One browser's two storages, which outlive a page. */
class Browser {
  readonly folders: SpaceFolders = new Map()
  readonly records = new Map<string, unknown>()

  page(operations = new Operations()) {
    const held = new Set<string>()
    return keptFiles({
      space: memorySpace(this.folders, operations),
      records: memoryStore(this.records),
      writing: { hold: async (id) => (held.add(id), () => held.delete(id)), running: async () => held },
    })
  }

  /** Changes something that is stored, and says what. */
  damage(random: (limit: number) => number): string {
    const folders = [...this.folders]
    const [folder, files] = folders[random(folders.length)]
    const names = [...files.keys()]
    const name = names[random(names.length)]
    const bytes = files.get(name)!
    const kinds: [string, () => void][] = [
      ['a flipped bit', () => void (bytes[random(bytes.length)] ^= 1 << random(8))],
      ['a run of other bytes', () => bytes.fill(random(256), random(bytes.length))],
      ['a file cut short', () => void files.set(name, bytes.slice(0, random(bytes.length)))],
      ['a file that is gone', () => void files.delete(name)],
      ['a folder that is gone', () => void this.folders.delete(folder)],
      ['IndexedDB that is gone', () => this.records.clear()],
      ['a record in IndexedDB that is not ours', () => void this.records.set(folder, { version: 1, entry: random(9) })],
    ]
    const [what, change] = kinds[random(kinds.length)]
    change()
    return `${what}: ${name}`
  }
}

type Outcome = 'whole' | 'named' | 'not there'

/** What a page that is opened now makes of the copies of `kind`. @throws Error where something is wrong without a word */
async function outcomeOf(browser: Browser, kind: 'model' | 'data', originals: readonly Original[], print: string): Promise<Outcome> {
  const page = browser.page()
  const { kept, problems } = await page.list()
  const copy = kept.find((one) => one.kind === kind)
  if (!copy) return problems.length ? 'named' : 'not there'
  try {
    const files = await page.open(copy.id)
    if (kind === 'model' && (await fingerprint(files)) !== print) throw new Error('other weights were loaded')
    if (!(await same(files, originals))) throw new Error('other bytes were opened')
    return 'whole'
  } catch (error) {
    if (error instanceof TabTuneError && error.message) return 'named'
    throw error
  }
}

/** Makes both copies while operation `at` of the storage fails. */
async function keepBoth(browser: Browser, print: string, operations?: Operations): Promise<void> {
  const page = browser.page(operations)
  for (const [kind, files] of [
    ['model', model],
    ['data', rows],
  ] as const) {
    const about = kind === 'model' ? { kind, name: 'demo', fingerprint: print } : { kind, name: 'rows' }
    await page.keep(about, files).catch((error: unknown) => {
      if (!(error instanceof TabTuneError)) throw error
    })
  }
}

export const part: EndurePart = {
  name: 'kept-copies',
  shows: 'a kept copy is whole, named as damaged, or not there',
  unit: 'damaged or failing storages',
  counts: { sample: 14, usual: 100, long: 500 },
  async run({ count, seed, report }) {
    const print = await fingerprint(model)
    const failures: { case: number; problem: string }[] = []
    const seen = new Map<string, number>()
    const counted = new Operations()
    await keepBoth(new Browser(), print, counted)
    for (let i = 0; i < count; i++) {
      const random = randomNumbers(seed + i)
      const below = (limit: number): number => Math.floor(random() * limit)
      const browser = new Browser()
      const failing = random() < 0.5
      let what = ''
      try {
        if (failing) {
          const fault = { at: 1 + below(counted.count), kind: faultKinds[below(faultKinds.length)] }
          what = `operation ${fault.at} fails: ${fault.kind}`
          await keepBoth(browser, print, new Operations(fault))
        } else {
          await keepBoth(browser, print)
          what = browser.damage(below)
        }
        for (const [kind, files] of [
          ['model', model],
          ['data', rows],
        ] as const) {
          const outcome = await outcomeOf(browser, kind, files, print)
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
          if (outcome === 'not there' && !failing) throw new Error(`the copy of the ${kind} is gone without a word`)
        }
      } catch (error) {
        failures.push({ case: i, problem: `${what}: ${String(error)}` })
      }
      report(i + 1)
    }
    return { figures: [...seen].map(([outcome, n]) => `${n} copies ${outcome}`), failures }
  },
}
