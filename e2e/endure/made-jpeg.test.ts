import { expect, it } from 'vitest'
import { nodeCodecs } from '../../src/cli/node/picture-codecs'
import { joinedBytes } from '../../src/config/joined-bytes'
import { readPicture } from '../../src/pictures/read-picture'
import { madeJpeg } from './made-jpeg'

it('makes pictures that are read, each with other pixels', async () => {
  const read = async (seed: number, hue: number) => readPicture('made.jpg', joinedBytes(madeJpeg(90, 70, seed, hue)), nodeCodecs())
  const [one, same, other] = [await read(1, 0.2), await read(1, 0.2), await read(2, 0.2)]
  expect(one).toMatchObject({ width: 90, height: 70 })
  expect(same.rgb).toEqual(one.rgb)
  expect(other.rgb).not.toEqual(one.rgb)
  const grey = Array.from({ length: 90 * 70 }, (_, i) => one.rgb[3 * i + 1])
  expect(Math.max(...grey) - Math.min(...grey)).toBeGreaterThan(60)
})
