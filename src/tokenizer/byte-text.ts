// Bytes as tokenizers write them: GPT-2's byte alphabet, and SentencePiece's `<0x0A>`.

/** GPT-2's alphabet: printable Latin-1 is itself, and every other byte is a character from U+0100 on (bytes_to_unicode). */
export const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>()
  let next = 256
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    map.set(String.fromCodePoint(printable ? byte : next++), byte)
  }
  return map
})()

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** `bytes` as text if they are text, otherwise as `<0xE2><0x96>`. */
export function displayBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return Array.from(bytes, byteToken).join('')
  }
}

/** The byte-level piece `Ġthe` as ` the`. */
export function displayByteLevel(piece: string): string {
  const bytes: number[] = []
  for (const character of piece) {
    const byte = byteOfCharacter.get(character)
    if (byte === undefined) return piece
    bytes.push(byte)
  }
  return displayBytes(Uint8Array.from(bytes))
}

/** SentencePiece's name of a byte: 10 → `<0x0A>`. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`
}

/** The byte that `<0x0A>` names; undefined for other texts. */
export function byteOfToken(piece: string): number | undefined {
  const match = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece)
  return match ? parseInt(match[1]!, 16) : undefined
}
