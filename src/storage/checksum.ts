// Checksums of stored files, which show that they are read back unchanged.
import { hex, sha256, sha256Text } from '../config/sha256'

/** SHA-256 of bytes, in hexadecimal. Needs a secure context, as WebGPU does. */
export async function checksum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await sha256(bytes))
}

/** SHA-256 of plain data: objects (in any order of keys), lists, texts, numbers (also NaN), and the bytes of typed arrays. */
export async function checksumOf(value: unknown): Promise<string> {
  return sha256Text(await spelled(value))
}

async function spelled(value: unknown): Promise<string> {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
    return `${value.constructor.name}(${await checksum(bytes)})`
  }
  if (Array.isArray(value)) return `[${(await Promise.all(value.map(spelled))).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined)
    const parts = await Promise.all(entries.map(async ([key, part]) => `${JSON.stringify(key)}:${await spelled(part)}`))
    return `{${parts.sort().join(',')}}`
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
