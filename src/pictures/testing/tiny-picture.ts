// Small pictures and picture files, made in tests.
import { zlibSync } from 'fflate'
import { crc32 } from '../../config/crc32'
import { joinedBytes } from '../../config/joined-bytes'
import type { Picture } from '../picture'
import type { PictureFile } from '../picture-set'

/** A picture with this colour for each pixel. */
export function painted(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rgb.set(colour(x, y), (y * width + x) * 3)
  return { width, height, rgb }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joinedBytes([new TextEncoder().encode(type), data])
  const out = joinedBytes([new Uint8Array(4), body, new Uint8Array(4)])
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length)
  view.setUint32(out.length - 4, crc32(body))
  return out
}

/** An RGB picture as PNG. `declared`: another size in its header. */
export function pngOf({ width, height, rgb }: Picture, declared = { width, height }): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  const view = new DataView(header.buffer)
  view.setUint32(0, declared.width)
  view.setUint32(4, declared.height)
  const rows = Array.from({ length: height }, (_, y) => joinedBytes([Uint8Array.of(0), rgb.subarray(y * width * 3, (y + 1) * width * 3)]))
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)
  return joinedBytes([signature, chunk('IHDR', header), chunk('IDAT', zlibSync(joinedBytes(rows))), chunk('IEND', new Uint8Array(0))])
}

/** A file in memory that counts how often it is read. */
export function fileOf(path: string, bytes: Uint8Array): PictureFile & { reads: number } {
  const file = {
    path,
    sizeBytes: bytes.length,
    reads: 0,
    bytes: async () => {
      file.reads++
      return bytes
    },
    mark: async () => String(crc32(bytes)),
  }
  return file
}
