// The option --port of the commands that serve.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Options } from './options'

/** The port of --port, or `usual`; 0 takes any free one. @throws FormatError if it is not a port */
export function portOf(options: Options, usual: number): number {
  const port = options.number('port') ?? usual
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new FormatError(say`--port: expected a whole number from 0 to 65535, got ${port}. Correct it.`)
}
