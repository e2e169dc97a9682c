// The bytes of a file as text.
import type { Encoding } from '../../config/read-how'

interface DecodedText {
  text: string
  /** It has bytes that are no characters in this code page; they are U+FFFD. */
  damaged: boolean
}

/** The text of the bytes in pieces, without a byte order mark. */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<DecodedText> {
  const decoder = new TextDecoder(encoding)
  // A character may be U+FFFD itself, so a strict decoder is asked. After an error it starts again, perhaps within a character.
  const strict = new TextDecoder(encoding, { fatal: true })
  const isDamaged = (chunk?: Uint8Array): boolean => {
    try {
      strict.decode(chunk, { stream: chunk !== undefined })
      return false
    } catch {
      return true
    }
  }
  for await (const chunk of bytes) {
    const damaged = isDamaged(chunk)
    yield { text: decoder.decode(chunk, { stream: true }), damaged }
  }
  const damaged = isDamaged()
  yield { text: decoder.decode(), damaged }
}
