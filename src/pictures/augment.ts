// Changes of a picture in training: pure functions on 8-bit pixels, decided by the run's seed, the row and the epoch. They act on the
// fitted picture, so its size stays. A picture is cropped, flipped, turned and moved first, then its colours change, then a part is erased.
import type { Augmentation } from '../config/picture-fields'
import { seededRandom } from '../data/random'
import type { Picture } from './picture'
import { cropped, resized } from './resample'

/** What decides the changes of a picture. */
interface Chance {
  seed: number
  index: number
  epoch: number
}

type Random = () => number

/** Paint behind a turned or moved picture, and over an erased part. */
const grey = 128

const between = (random: Random, low: number, high: number): number => low + (high - low) * random()

/** A part with a share of the area from 1 - `most` to 1 and proportions from 3 : 4 to 4 : 3, enlarged (Szegedy et al. 2014). */
function cutOut(picture: Picture, most: number, random: Random): Picture {
  const { width, height } = picture
  const area = between(random, 1 - most, 1)
  const ratio = Math.exp(between(random, Math.log(3 / 4), Math.log(4 / 3)))
  const columns = Math.max(1, Math.min(width, Math.round(width * Math.sqrt(area * ratio))))
  const rows = Math.max(1, Math.min(height, Math.round(height * Math.sqrt(area / ratio))))
  const x = { from: Math.floor(random() * (width - columns + 1)), size: columns }
  const y = { from: Math.floor(random() * (height - rows + 1)), size: rows }
  const whole = { x: { from: 0, size: width }, y: { from: 0, size: height } }
  return resized(cropped(picture, x, y), width, height, 'bilinear', whole)
}

function mirrored({ width, height, rgb }: Picture): Picture {
  const out = new Uint8Array(rgb.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [from, to] = [(y * width + x) * 3, (y * width + width - 1 - x) * 3]
      for (let c = 0; c < 3; c++) out[to + c] = rgb[from + c]
    }
  return { width, height, rgb: out }
}

/** Turned around its middle by `angle` (radians) and then moved, with values between four pixels. */
function turned({ width, height, rgb }: Picture, angle: number, right: number, down: number): Picture {
  const out = new Uint8Array(rgb.length)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2]
  const pixel = (x: number, y: number, c: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? grey : rgb[(y * width + x) * 3 + c]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - right - middleX, y - down - middleY]
      const [fromX, fromY] = [cos * dx + sin * dy + middleX, cos * dy - sin * dx + middleY]
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)]
      const [across, along] = [fromX - left, fromY - top]
      for (let c = 0; c < 3; c++) {
        const above = pixel(left, top, c) * (1 - across) + pixel(left + 1, top, c) * across
        const below = pixel(left, top + 1, c) * (1 - across) + pixel(left + 1, top + 1, c) * across
        out[(y * width + x) * 3 + c] = Math.round(above * (1 - along) + below * along)
      }
    }
  return { width, height, rgb: out }
}

const greyOf = (red: number, green: number, blue: number): number => 0.299 * red + 0.587 * green + 0.114 * blue

/** Brightness scales a value, contrast its distance from the mean grey, saturation its distance from its own grey. */
function recoloured({ width, height, rgb }: Picture, most: number, random: Random): Picture {
  const [brightness, contrast, saturation] = [0, 0, 0].map(() => between(random, 1 - most, 1 + most))
  let sum = 0
  for (let at = 0; at < rgb.length; at += 3) sum += greyOf(rgb[at], rgb[at + 1], rgb[at + 2])
  const mean = (sum / (rgb.length / 3)) * brightness
  const out = new Uint8ClampedArray(rgb.length)
  for (let at = 0; at < rgb.length; at += 3) {
    const colours = [0, 1, 2].map((c) => mean + (rgb[at + c] * brightness - mean) * contrast)
    const own = greyOf(colours[0], colours[1], colours[2])
    for (let c = 0; c < 3; c++) out[at + c] = own + (colours[c] - own) * saturation
  }
  return { width, height, rgb: new Uint8Array(out.buffer) }
}

/** A rectangle with 2 to 33 % of the area is painted grey. */
function erased({ width, height, rgb }: Picture, random: Random): Picture {
  const area = between(random, 0.02, 0.33)
  const ratio = Math.exp(between(random, Math.log(0.3), Math.log(1 / 0.3)))
  const columns = Math.max(1, Math.min(width, Math.round(width * Math.sqrt(area * ratio))))
  const rows = Math.max(1, Math.min(height, Math.round(height * Math.sqrt(area / ratio))))
  const [left, top] = [Math.floor(random() * (width - columns + 1)), Math.floor(random() * (height - rows + 1))]
  const out = rgb.slice()
  for (let y = top; y < top + rows; y++) out.fill(grey, (y * width + left) * 3, (y * width + left + columns) * 3)
  return { width, height, rgb: out }
}

/** Independent random numbers for each row and epoch of a seed. */
function randomOf({ seed, index, epoch }: Chance): Random {
  const mixed = [seed, index, epoch].reduce((state, value) => Math.floor(seededRandom((state ^ value) >>> 0)() * 2 ** 32), 0x9e3779b9)
  return seededRandom(mixed)
}

/** The changed picture, of the same size. The same chance gives the same picture. */
export function augmented(picture: Picture, settings: Augmentation, chance: Chance): Picture {
  const random = randomOf(chance)
  let out = settings.crop > 0 ? cutOut(picture, settings.crop, random) : picture
  if (settings.flip && random() < 0.5) out = mirrored(out)
  if (settings.rotation > 0 || settings.translation > 0) {
    const angle = (between(random, -settings.rotation, settings.rotation) * Math.PI) / 180
    const [right, down] = [picture.width, picture.height].map((side) => between(random, -1, 1) * settings.translation * side)
    out = turned(out, angle, right, down)
  }
  if (settings.colour > 0) out = recoloured(out, settings.colour, random)
  return settings.erasing > 0 && random() < settings.erasing ? erased(out, random) : out
}
