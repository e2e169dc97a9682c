// SHA-256, and the checksums of a large file. They need a secure context, as WebGPU does.

export const sha256 = (bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => crypto.subtle.digest('SHA-256', bytes)

export const hex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** SHA-256 of a text, in hexadecimal. */
export const sha256Text = async (text: string): Promise<string> => hex(await sha256(new TextEncoder().encode(text)))

/** Bytes that share a checksum in a stored file. */
export const checkedBytes = 1 << 20
/** Digits of one checksum. */
export const sumDigits = 64

/** The checksums of `bytes`, one for each MiB: 64 hexadecimal digits each, one after the other. `bytes` begin at a whole MiB of their file. */
export async function sumsOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const sums: Promise<ArrayBuffer>[] = []
  for (let at = 0; at < bytes.length; at += checkedBytes) sums.push(sha256(bytes.subarray(at, at + checkedBytes)))
  return (await Promise.all(sums)).map(hex).join('')
}
