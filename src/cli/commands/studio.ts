// tabtune studio: serves the built page on this computer and opens it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { hasDisplay } from '../node/display.mjs'
import type { Options } from '../options'
import { portOf } from '../port'
import { securityHeaders } from '../node/headers.mjs'
import { staticServer } from '../static-server'
import { tell } from '../tell'

/** `npm start` uses the same port: a browser keeps runs, models and settings by address. */
const usualPort = 4173

/** The folder of the built page. launch.mjs names the folder of this project or package. @throws FormatError if it is not built */
function builtPage(): string {
  const folder = join(process.env.TABTUNE_ROOT ?? '.', 'dist')
  if (existsSync(join(folder, 'index.html'))) return folder
  throw new FormatError(say`tabtune studio: expected the built page in ${folder}, got none. Run npm run build.`)
}

/** Asks the system to open the address in its browser. The address was printed, so nothing is said if that does not work. */
function openInBrowser(address: string): void {
  const [command, ...words] = {
    darwin: ['open', address],
    win32: ['cmd', '/c', 'start', '', address],
  }[process.platform as string] ?? ['xdg-open', address]
  spawn(command, words, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

export async function studio(options: Options): Promise<void> {
  const port = portOf(options, usualPort)
  const server = staticServer(builtPage(), securityHeaders())
  server.listen(port, 'localhost')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new FormatError(
      say`--port: expected a port that is free on localhost, got ${port} (${error.code ?? error.message}). If the studio runs there already, open http://localhost:${port}/. Otherwise choose another port; the browser keeps runs and models by address, so use the same one next time.`,
    )
  })
  const address = `http://localhost:${(server.address() as AddressInfo).port}/`
  process.stdout.write(`${address}\n`)
  tell(['The studio is at this address in a browser with WebGPU. Press Ctrl+C to end. tabtune help lists the commands.'])
  if (!options.flag('no-open') && hasDisplay()) openInBrowser(address)
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name)))
  server.closeAllConnections()
  server.close()
}
