// JPEG and WebP by libjpeg (MozJPEG) and libwebp, compiled to WebAssembly. They use the same integer arithmetic as Pillow's builds of
// these libraries, so all browsers and Node get the same pixels. A hostile file can harm nothing but the memory of its module.
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js'
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Codecs, DecodedPixels } from './kinds/kind'

type Decode = (file: ArrayBuffer) => Promise<{ width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> }>
type Init = (module: WebAssembly.Module, options?: object) => Promise<void>

/** What the modules say about damaged files; the error that follows says it too. */
const quiet = { print: () => undefined, printErr: () => undefined }

/** The decoder, started when it is first needed, and again after it failed, since a module that gave up may be in any state. */
function started(load: () => Promise<WebAssembly.Module>, init: Init, decode: Decode): (file: Uint8Array) => Promise<DecodedPixels> {
  let module: Promise<WebAssembly.Module> | undefined
  let ready: Promise<void> | undefined
  const start = async (): Promise<void> => {
    module ??= load()
    await init(await module, quiet)
  }
  return async (file) => {
    ready ??= start()
    await ready
    try {
      const copy = new Uint8Array(file).buffer
      const { width, height, data } = await decode(copy)
      return { width, height, rgba: data }
    } catch {
      ready = undefined
      throw new FormatError(say`expected a whole picture, got one that its decoder refuses. Save it again, or leave it out.`)
    }
  }
}

/** Loads the WebAssembly of a decoder. */
type LoadCodec = (name: 'jpeg' | 'webp') => Promise<WebAssembly.Module>

export function wasmCodecs(load: LoadCodec): Codecs {
  return {
    jpeg: started(() => load('jpeg'), initJpeg as Init, decodeJpeg),
    webp: started(() => load('webp'), initWebp as Init, decodeWebp),
  }
}
