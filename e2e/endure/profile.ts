// A browser with a profile on the disk, which survives the browser's end.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'

export interface Profile {
  open(): Promise<BrowserContext>
  /** Ends every process of the browser at once, as a crash of the machine's session would. */
  kill(): void
  remove(): void
}

export function newProfile(): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'tabtune-endure-'))

  /** The processes that have the profile in their command line; no others can have its name. */
  function processes(): number[] {
    return readdirSync('/proc').flatMap((name) => {
      const pid = Number(name)
      if (!Number.isInteger(pid) || pid === process.pid) return []
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) ? [pid] : []
      } catch {
        return []
      }
    })
  }

  return {
    async open() {
      const { path, args, env } = await findBrowser()
      return chromium.launchPersistentContext(folder, { executablePath: path, args, env: browserEnv(env) })
    },
    kill() {
      for (const pid of processes())
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It ended with another one.
        }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  }
}
