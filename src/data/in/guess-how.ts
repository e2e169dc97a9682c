// Guesses how a file is read from its first bytes. What is given is not guessed.
import { FormatError } from '../../config/errors'
import { joinedBytes } from '../../config/joined-bytes'
import { type Phrase, say } from '../../config/phrase'
import { type Encoding, type ReadHow, autoHow, givenHow } from '../../config/read-how'
import { type DataSource, bytesOf } from '../data-source'
import { guessEncoding } from './encodings'
import { inflatedSource, isGzip } from './gzip'
import { beginsAsJson } from './jsonl'
import type { Head } from './kind'
import { kindOf, rowKinds } from './registry'

const headBytes = 2 ** 16

/** The first bytes of a stream, and whether they are all. */
async function firstBytes(stream: AsyncIterable<Uint8Array>, most: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    parts.push(chunk)
    size += chunk.length
    if (size >= most) return { bytes: joinedBytes(parts).subarray(0, most), whole: false }
  }
  return { bytes: joinedBytes(parts), whole: true }
}

/** A file without gzip: as it is, or what is in it. */
interface Ungzipped {
  source: DataSource
  isGzip: boolean
}

export async function ungzipped(source: DataSource): Promise<Ungzipped> {
  const { bytes } = await firstBytes(bytesOf(source), 2)
  return isGzip(bytes) ? { source: inflatedSource(source), isGzip: true } : { source, isGzip: false }
}

/** Settings that hold for what is not guessed. */
const plain = { separator: 'comma', header: 'yes', textRows: 'document' } as const

/** JSON stays JSON if some of its rows have a NUL. Each of these rows is a problem of its own. */
const encodingOfJson = (bytes: Uint8Array): Encoding | undefined => (beginsAsJson(new TextDecoder().decode(bytes)) ? 'utf-8' : undefined)

/** `asked` with a guess for everything that is `auto`. @throws FormatError for files that are neither text nor of a known kind */
export async function guessHow(source: DataSource, asked: ReadHow = autoHow): Promise<ReadHow> {
  const { bytes, whole } = await firstBytes(bytesOf((await ungzipped(source)).source), headBytes)
  const encoding = asked.encoding === 'auto' ? (guessEncoding(bytes, whole) ?? encodingOfJson(bytes)) : asked.encoding
  const name = source.name.toLowerCase().replace(/\.gz$/, '')
  const text = encoding === undefined ? '' : new TextDecoder(encoding).decode(bytes, { stream: !whole })
  const head: Head = { name, bytes, text, encoding: encoding ?? 'utf-8', whole }
  const kind = asked.kind === 'auto' ? rowKinds.find((one) => one.isLike(head)) : kindOf(asked.kind)
  if (!kind || (encoding === undefined && kind.isText))
    throw new FormatError(
      say`${source.name}: expected JSONL, JSON, CSV, text, Markdown or Parquet, got a binary file. Convert it to one of these and try again.`,
    )
  const guessed = { ...plain, ...kind.guess(head) }
  // JSON is UTF-8. If some lines of it are not, these lines are damaged.
  const assumed = kind.kind === 'jsonl' && !head.encoding.startsWith('utf-16') ? 'utf-8' : head.encoding
  return { ...guessed, ...givenHow(asked), kind: kind.kind, encoding: asked.encoding === 'auto' ? assumed : asked.encoding }
}

/** How the file is read, in words; nothing for plain JSON. `asked`: what was given and not guessed. */
export function howNotes(how: ReadHow, asked: ReadHow): Phrase[] {
  const kind = kindOf(how.kind === 'auto' ? 'jsonl' : how.kind)
  const notes = kind.kind === 'jsonl' ? [] : [kind.describe(how)]
  if (kind.isText && how.encoding !== 'utf-8')
    notes.push(
      asked.encoding === 'auto'
        ? say`Its text is read as ${how.encoding}, which is a guess. Choose another encoding if letters are wrong.`
        : say`Its text is read as ${how.encoding}.`,
    )
  return notes
}
