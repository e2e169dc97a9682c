// tabtune serve: an OpenAI-style endpoint on this computer for a base model and several adapters.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import { needTokenizer } from '../../peft/loaded-model'
import type { Adapter } from '../../peft/method'
import { openAdapter, openGpu, openLoaded } from '../open'
import type { Options } from '../options'
import { portOf } from '../port'
import { servedModels } from '../serve/batches'
import { openAiServer } from '../serve/server'
import { tell } from '../tell'

const usualPort = 8080

const nameOf = (path: string) => basename(path.replace(/[/\\]+$/, '')).replace(/\.gguf$/, '')

export async function serve(options: Options): Promise<void> {
  const port = portOf(options, usualPort)
  const base = nameOf(options.need('model'))
  const names = [base, ...options.adapters.map(nameOf)]
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new FormatError(say`--adapter: expected folders with different names, got ${twice} twice. Rename one.`)
  const gpu = await openGpu()
  const model = await openLoaded(gpu, options)
  needTokenizer(model)
  const adapters = new Map<string, Adapter | undefined>([[base, undefined]])
  for (const path of options.adapters) adapters.set(nameOf(path), await openAdapter(model, path))
  const served = servedModels(gpu, model, adapters)
  const server = openAiServer(served, { key: options.text('key') })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new FormatError(
      say`--port: expected a port that is free on 127.0.0.1, got ${port} (${error.code ?? error.message}). Choose another port.`,
    )
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  process.stdout.write(`${JSON.stringify({ url, models: served.names })}\n`)
  tell([`Serving ${served.names.join(', ')} at ${url}. Press Ctrl+C to end.`])
  const [signal] = await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name).then(() => [name])))
  tell([`Ended by ${signal}.`])
  server.closeAllConnections()
  server.close()
  served.close()
  gpu.destroy()
}
