// A fingerprint of bytes, to see that they came back as they went.

/** SHA-256 in hexadecimal. Needs a secure context, as WebGPU does. */
export async function checksum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
