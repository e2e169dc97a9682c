// The decoders of JPEG and WebP in Node. Their WebAssembly is read from the packages.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Codecs } from '../../pictures/kinds/kind'
import { wasmCodecs } from '../../pictures/wasm-codecs'

const files = {
  jpeg: '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
  webp: '@jsquash/webp/codec/dec/webp_dec.wasm',
} as const

/** The class of decoded pixels, which the decoders make and only browsers have. */
class NodeImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

export function nodeCodecs(): Codecs {
  if (!('ImageData' in globalThis)) Object.assign(globalThis, { ImageData: NodeImageData })
  const { resolve } = createRequire(import.meta.url)
  return wasmCodecs(async (name) => WebAssembly.compile(new Uint8Array(await readFile(resolve(files[name])))))
}
