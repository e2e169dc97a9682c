// A browser with a profile on the disk, which survives the browser's end.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'

export interface Profile {
  /** Where its files are. */
  folder: string
  open(): Promise<BrowserContext>
  /** Ends every process of the browser at once, as a crash of the machine's session would. */
  kill(): void
  /** Stops the processes of its tabs, or all of them, as when the machine sleeps. Returns the function that lets them continue. */
  stop(what: 'tabs' | 'everything'): () => void
  remove(): void
}

interface Process {
  parent: number
  command: string
}

/** A process that has not ended; undefined if there is none. */
function processOf(pid: number): Process | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    const [, parent] = / \w (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '')) ?? []
    return command && parent ? { parent: Number(parent), command } : undefined
  } catch {
    return undefined
  }
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal)
    } catch {
      // It ended with another one.
    }
}

/** `from`: the folder of a profile whose browser has ended, to be copied. */
export function newProfile(from?: string): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'tabtune-endure-'))
  // The lock names the browser that has ended. Caches are made again.
  if (from !== undefined) cpSync(from, folder, { recursive: true, filter: (path) => !/\/(Singleton\w*|\w*Cache)$/.test(path) })

  /** The processes that have the profile in their command line, which no others can have, and all that they started. `words`: those with them. */
  function processes(words = ''): number[] {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
    const all = new Map(pids.map((pid) => [pid, processOf(pid)]))
    const belongs = (pid: number): boolean => {
      const found = pid === process.pid ? undefined : all.get(pid)
      return found !== undefined && (found.command.includes(folder) || belongs(found.parent))
    }
    return pids.filter((pid) => belongs(pid) && all.get(pid)?.command.includes(words))
  }

  return {
    folder,
    async open() {
      const { path, args, env } = await findBrowser()
      return chromium.launchPersistentContext(folder, { executablePath: path, args, env: browserEnv(env) })
    },
    stop(what) {
      const pids = processes(what === 'tabs' ? '--type=renderer' : '')
      send(pids, 'SIGSTOP')
      return () => send(pids, 'SIGCONT')
    },
    kill() {
      const pids = processes()
      send(pids, 'SIGKILL')
      // They write until they have ended.
      while (pids.some((pid) => processOf(pid))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
