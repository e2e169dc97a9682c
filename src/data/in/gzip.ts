// Files in gzip (RFC 1952), found by their first bytes.
import { FormatError, TabTuneError } from '../../config/errors'
import { say } from '../../config/phrase'
import { type DataSource, bytesOf, chunksOf } from '../data-source'
import { inflatedMembers } from './gzip-members'

/** Bytes inflated at once. DEFLATE can make 1032 bytes of one, so they become 16 MiB at most. */
const inflateBytes = 2 ** 14
/** What inflates to more than `ratioFree` bytes may not be compressed to less than a hundredth, as in a zip. */
const [mostRatio, ratioFree] = [100, 2 ** 26]

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b

/** The pieces of a file through the browser's own unpacker, which also compares the checksum. */
async function* inflatedNatively(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array> {
  let failed: unknown
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value, done } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        failed = error
        controller.error(error)
      }
    },
    cancel: () => void pieces.return(undefined),
  }).pipeThrough(new DecompressionStream('gzip'))
  try {
    yield* chunksOf(stream)
  } catch (error) {
    throw failed ?? new NotInflated({ cause: error })
  }
}

class NotInflated extends Error {
  constructor(options: ErrorOptions) {
    super('gzip: a member that is damaged, or several', options)
  }
}

/** The stream of a file in gzip as the stream of what is in it. @throws FormatError if it is damaged, cut off or made to do harm */
async function* inflated(source: DataSource): AsyncGenerator<Uint8Array> {
  const { name } = source
  let [packed, given] = [0, 0]
  async function* counted(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    packed = 0
    for await (const piece of smallPieces(source)) {
      packed += piece.length
      yield piece
    }
  }
  /** What comes after the bytes that were given already. */
  async function* rest(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > ratioFree && size > packed * mostRatio)
        throw new FormatError(
          say`${name}: expected a gzip file that is packed at most ${mostRatio} to 1, got more. If you trust who made it, unpack it and open what is in it.`,
        )
      if (size <= given) continue
      const fresh = chunk.subarray(Math.max(0, chunk.length - (size - given)))
      given = size
      yield fresh
    }
  }
  try {
    return yield* rest(inflatedNatively(counted()))
  } catch (error) {
    if (!(error instanceof NotInflated)) throw error
  }
  try {
    // From the start again, since a browser may drop what it had before it failed.
    yield* rest(inflatedMembers(counted()))
  } catch (error) {
    if (error instanceof TabTuneError) throw error
    throw new FormatError(
      say`${name}: expected a whole gzip file, got one that is damaged or cut off. Download it again, or pack it again.`,
    )
  }
}

async function* smallPieces(source: DataSource): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of bytesOf(source))
    for (let at = 0; at < chunk.length; at += inflateBytes) yield chunk.slice(at, at + inflateBytes)
}

/** What is in a file in gzip. It can only be read as a stream. */
export const inflatedSource = (source: DataSource): DataSource => ({
  name: source.name,
  stream: () => inflated(source),
  read: () => Promise.reject(new Error('a file in gzip is read as a stream')),
})
