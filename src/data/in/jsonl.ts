// JSONL and JSON arrays.
import { say } from '../../config/phrase'
import { type ByteStream, bytesOf } from '../data-source'
import { readRows } from '../read-rows'
import { decoded } from './decoded'
import type { Head, Reading, RowKind } from './kind'

/** What begins with a brace or a bracket is JSON if what follows could be. A bracket also begins links in Markdown. */
const begin = /^\s*(\{\s*["}]|\[\s*[[{"\]]|\{$|\[$)/

export const beginsAsJson = (text: string): boolean => begin.test(text)

const isLike = ({ name, text }: Head): boolean => /\.(jsonl|ndjson|json)$/.test(name) || text.trim() === '' || beginsAsJson(text)

async function* inUtf8({ source, encoding }: Reading): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const { text } of decoded(bytesOf(source), encoding)) yield encoder.encode(text)
}

export const jsonl: RowKind = {
  kind: 'jsonl',
  isText: true,
  isLike,
  guess: () => ({}),
  describe: () => say`Read as JSON.`,
  async *rows(reading) {
    const bytes: ByteStream = reading.encoding === 'utf-8' ? bytesOf(reading.source) : inUtf8(reading)
    yield* readRows(bytes)
  },
}
