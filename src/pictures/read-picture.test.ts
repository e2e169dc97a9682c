// Files that are no picture, or not a whole one, are refused in one sentence that names them.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeCodecs } from '../cli/node/picture-codecs'
import { TabTuneError } from '../config/errors'
import { joinedBytes } from '../config/joined-bytes'
import { openPicture, readPicture } from './read-picture'
import { painted, pngOf } from './testing/tiny-picture'

const codecs = nodeCodecs()
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const small = painted(6, 5, (x, y) => [x * 40, y * 50, x * y * 8])
const { files } = JSON.parse(readFileSync('e2e/interop/goldens/pictures.json', 'utf8')) as { files: { name: string; file: string }[] }
const golden = (name: string): Uint8Array => new Uint8Array(Buffer.from(files.find((one) => one.name === name)!.file, 'base64'))

/** A JPEG with other colours in its frame header. */
function recoloured(components: number): Uint8Array {
  const bytes = golden('jpeg-tiny.jpg').slice()
  const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0)
  bytes[frame + 9] = components
  return bytes
}

describe('a file that cannot be read', () => {
  it.each([
    ['an empty one', new Uint8Array(0), 'x: expected a picture, got an empty file. Copy or download it again.'],
    ['text', text('hello'), 'x: expected PNG, JPEG, WebP, GIF, BMP, got a file of another kind. Save it as PNG or JPEG.'],
    ['HTML', text('<!doctype html>'), 'x: expected PNG, JPEG, WebP, GIF, BMP, got SVG or HTML. Save it as PNG or JPEG.'],
    ['HEIC', text('\0\0\0\x18ftypheic'), 'x: expected PNG, JPEG, WebP, GIF, BMP, got HEIC. Save it as PNG or JPEG.'],
    [
      'a JPEG for print',
      recoloured(4),
      'x: expected a JPEG in RGB or grey, got one in CMYK, which is for print. Save it in RGB, and read it again.',
    ],
    [
      'a bomb',
      pngOf(small, { width: 60_000, height: 60_000 }),
      'x: expected at most 67108864 pixels and 65535 on a side, got 60000 × 60000. Make the picture smaller.',
    ],
    [
      'one that declares more rows than it has',
      pngOf(small, { width: 6, height: 500 }),
      'x: expected a whole picture, got a file that is cut off. Copy or download it again.',
    ],
    [
      'a picture without pixels',
      pngOf(small, { width: 0, height: 5 }),
      'x: expected a picture, got one of 0 × 5 pixels. Make the file again.',
    ],
  ])('%s', async (_, bytes, sentence) => {
    await expect(readPicture('x', bytes, codecs)).rejects.toThrow(sentence)
  })

  it('a JPEG with more scans than any program writes', async () => {
    const whole = golden('jpeg-tiny.jpg')
    const scan = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xda)
    const scans = Array.from({ length: 101 }, () => whole.subarray(scan, -2))
    const bytes = joinedBytes([whole.subarray(0, scan), ...scans, whole.subarray(-2)])
    await expect(readPicture('x', bytes, codecs)).rejects.toThrow('x: expected a JPEG of at most 100 scans, got more. Save it again.')
  })

  it('a changed byte of a PNG', async () => {
    const bytes = pngOf(small)
    bytes[50] ^= 1
    await expect(readPicture('x', bytes, codecs)).rejects.toThrow(
      'x: expected a whole picture, got damaged bytes. Copy or download it again.',
    )
  })

  it('every file that is cut off, at every place', async () => {
    for (const name of ['rgba.png', 'exif-6.jpg', 'transparent.gif', 'lossy.webp', 'bits-24.bmp'].filter((one) =>
      files.some((f) => f.name === one),
    )) {
      const whole = golden(name)
      for (let size = 0; size < whole.length; size += 1 + (whole.length >> 5)) {
        // What a GIF or an uncompressed WebP has behind its picture may be missing.
        const read = await readPicture(name, whole.subarray(0, size), codecs).catch((error: unknown) => error)
        if (read instanceof Error) expect(read).toBeInstanceOf(TabTuneError)
        else expect(size).toBeGreaterThan(whole.length - 4)
      }
    }
  })

  it('a size that the header declares is what is read', async () => {
    const bytes = pngOf(small)
    expect(openPicture('x', bytes)).toEqual({ kind: 'PNG', width: 6, height: 5, deepGrey: false })
    expect(await readPicture('x', bytes, codecs)).toEqual(small)
  })
})

describe('changed bytes', () => {
  it('give a picture of the declared size or an error of ours, and the next picture is read', async () => {
    const names = files.map(({ name }) => name)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(1200), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (name, changes) => {
          const bytes = golden(name).slice()
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const read = await readPicture(name, bytes, codecs).catch((error: unknown) => error)
          if (read instanceof Error) expect(read).toBeInstanceOf(TabTuneError)
          else expect(read).toMatchObject({ rgb: expect.any(Uint8Array) as Uint8Array })
        },
      ),
      { numRuns: 150 },
    )
    expect(await readPicture('jpeg-tiny.jpg', golden('jpeg-tiny.jpg'), codecs)).toMatchObject({ width: 1, height: 1 })
  })
})
