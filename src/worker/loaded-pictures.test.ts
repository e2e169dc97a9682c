// Pictures that were read for one set never take the place of those of another set, even if paths and sizes are the same.
import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { nodeCodecs } from '../cli/node/picture-codecs'
import { type Bundle, bundleOf } from '../pictures/bundle'
import { type Jobs, jobFileOf, pictureJobs } from '../pictures/jobs'
import { folderSet } from '../pictures/picture-set'
import { parseProcessor } from '../pictures/processor'
import { fileOf, painted, pngOf } from '../pictures/testing/tiny-picture'
import { FittedPictures } from './loaded-pictures'

const processor = parseProcessor('p', { image_processor_type: 'ViTImageProcessor', size: 2 })
const path = 'cat/1.png'

/** A zip with one picture of one grey. */
function zipOf(grey: number): Bundle & { zip: Blob } {
  const png = pngOf(painted(2, 2, () => [grey, grey, grey]))
  const zip = new Blob([new Uint8Array(zipSync({ [path]: png }, { level: 0 }))])
  return { ...bundleOf(folderSet('zoo', [fileOf(path, png)]), () => undefined, zip), zip }
}
const [dark, light] = [zipOf(10), zipOf(200)]

it('a worker reads a picture from its own zip, not from another one of the same size', async () => {
  expect(dark.zip.size).toBe(light.zip.size)
  const work = pictureJobs(nodeCodecs())
  const greys: number[] = []
  for (const bundle of [dark, light, dark]) {
    const input = { ...jobFileOf(bundle, bundle.pictures[0]), processor }
    greys.push(((await work({ kind: 'fitted', id: 1, input })) as Jobs['fitted']['out']).rgb[0])
  }
  expect(greys).toEqual([10, 200, 10])
})

it('a picture that was still being decoded for another set is not kept for the set that is open', () => {
  const [one] = dark.pictures
  const picture = painted(2, 2, () => [10, 10, 10])
  const all = new FittedPictures()
  const before = all.of(dark.id, processor)
  const now = all.of(light.id, processor)
  before.put(one, picture)
  expect(now.get(one)).toBeUndefined()
  now.put(one, picture)
  expect(all.of(light.id, processor).get(one)).toBe(picture)
})
