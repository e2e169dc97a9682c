// Folders of runs that were exported for other engines: what an engine has trained in them is taken, and the files to train from are not.
import type { PickedFile } from '../worker/api'

/** Files of such a folder that together no other folder has. */
const marks = ['settings.json', 'data/train.jsonl', 'data/order.jsonl']
const loose = /^(settings\.json|recipe\.json|README\.md)$/
/** An engine's folder, and what it writes there: the adapter, and checkpoints by their steps. */
const written = /^([^/]+)\/result\/((?:checkpoint-\d+\/|pissa_converted\/)?[^/]+)$/
/** LLaMA-Factory's adapter of a PiSSA run as a plain one. The one beside it belongs to another base. */
const converted = 'pissa_converted/'
const weights = /\.(safetensors|gguf)$/i
const aboutRun = /^(tabtune\.json|run\.json|trainer_state\.json|trainer_log\.jsonl)$/

interface TakenExports {
  /** What engines have trained, in a folder with the names of export and engine; and the files of no export. */
  rest: PickedFile[]
  /** Names of the exports that no engine has trained. */
  untrained: string[]
}

/** All folders above a file, from '' on, each with its slash. */
const foldersAbove = (path: string): string[] => ['', ...[...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1))]

/** What the engine in `name` wrote, as the files of one result; empty if it has no weights yet. `found`: paths in its result/. */
function resultOf(name: string, found: readonly { path: string; picked: PickedFile }[]): PickedFile[] {
  if (!found.some(({ path }) => weights.test(path))) return []
  const isPlain = found.some(({ path }) => path.startsWith(converted) && weights.test(path))
  const own = isPlain ? found.filter(({ path }) => path.startsWith(converted) || aboutRun.test(path)) : found
  const home = (path: string): string => (path.startsWith(converted) ? path.slice(converted.length) : path)
  return own.map(({ path, picked }) => ({ ...picked, path: `${name}/${home(path)}` }))
}

/** Of each exported run among `files`, only what engines have trained in it. */
export function takeExports(files: readonly PickedFile[]): TakenExports {
  const paths = new Set(files.map(({ path }) => path))
  const tops = [...new Set(files.flatMap(({ path }) => foldersAbove(path)))].filter((top) => marks.every((mark) => paths.has(top + mark)))
  const out: TakenExports = { rest: [...files], untrained: [] }
  for (const top of tops) {
    const inside = out.rest.filter(({ path }) => path.startsWith(top) && (top !== '' || path.includes('/') || loose.test(path)))
    const name = top.split('/').at(-2) ?? ''
    const engines = new Map<string, { path: string; picked: PickedFile }[]>()
    for (const picked of inside) {
      const [, engine, path] = written.exec(picked.path.slice(top.length)) ?? []
      if (engine !== undefined && path !== undefined) engines.set(engine, [...(engines.get(engine) ?? []), { path, picked }])
    }
    const results = [...engines].flatMap(([engine, found]) => resultOf([name, engine].filter(Boolean).join(' '), found))
    out.rest = [...out.rest.filter((file) => !inside.includes(file)), ...results]
    if (!results.length) out.untrained.push(name || 'settings.json')
  }
  return out
}
