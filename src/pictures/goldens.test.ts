// Pictures and processors against Pillow's and transformers' numbers, bit for bit. e2e/interop/check_pictures.py makes the goldens.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeCodecs } from '../cli/node/picture-codecs'
import { fitted, normalised } from './preprocess'
import { parseProcessor } from './processor'
import { openPicture, readPicture } from './read-picture'

interface GoldenPicture {
  width: number
  height: number
  /** Base64. */
  rgb: string
}
interface Goldens {
  files: (GoldenPicture & { name: string; file: string })[]
  processed: { picture: GoldenPicture; settings: Record<string, unknown>; pixels: string }[]
}

const goldens = JSON.parse(readFileSync('e2e/interop/goldens/pictures.json', 'utf8')) as Goldens
const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'))
const codecs = nodeCodecs()

describe('odd pictures are read as Pillow reads them', () => {
  it.each(goldens.files)('$name', async ({ name, file, width, height, rgb }) => {
    const picture = await readPicture(name, bytes(file), codecs)
    expect(picture).toEqual({ width, height, rgb: bytes(rgb) })
    expect(openPicture(name, bytes(file))).toMatchObject({ width, height })
  })
})

describe('pictures become the numbers that transformers makes', () => {
  it.each(goldens.processed.map((one, i) => ({ ...one, i })))(
    '$settings.image_processor_type $i, resample $settings.resample, $picture.width × $picture.height',
    ({ picture, settings, pixels }) => {
      const processor = parseProcessor('preprocessor_config.json', settings)
      const shown = fitted({ ...picture, rgb: bytes(picture.rgb) }, processor)
      expect(shown).toMatchObject(processor.output)
      expect(normalised(shown, processor)).toEqual(new Float32Array(bytes(pixels).buffer))
    },
  )
})
