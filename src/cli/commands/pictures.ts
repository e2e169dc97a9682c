// tabtune pictures: reads labelled pictures as for training, and says what is in them. With --out it writes the numbers that a model gets.
import { FormatError } from '../../config/errors'
import { parseSettings } from '../../config/field'
import { augmentFields, augmentationOf } from '../../config/picture-fields'
import { say, sentence } from '../../config/phrase'
import type { PictureSource } from '../../data/picture-data'
import { writeSafetensors } from '../../formats/safetensors'
import { pictureReader, pictureSource } from '../../pictures/loader'
import type { PictureSet } from '../../pictures/picture-set'
import { type ChosenPictures, type PictureReport, chosen, pictureReport, reportLines } from '../../pictures/report'
import { fewerShots } from '../../pictures/sample'
import { survey } from '../../pictures/survey'
import { writeOne } from '../files'
import { nodeCodecs } from '../node/picture-codecs'
import type { Options } from '../options'
import { classesAt, picturesAt, processorAt } from '../picture-files'
import { shotsOf } from '../picture-rows'
import { progressBar } from '../progress'
import { tell } from '../tell'

/** Pictures of which the numbers are written, where --rows does not say it. */
const usuallyWritten = 64

export async function pictures(options: Options): Promise<void> {
  const path = options.need('data')
  const classes = options.text('classes')
  const augmentation = augmentationOf(parseSettings('tabtune pictures', augmentFields, options.given(augmentFields)))
  const processor = await processorAt(options.text('preprocessor'))
  const set = await picturesAt(path, classes === undefined ? undefined : (await classesAt(classes)).names)
  const codecs = nodeCodecs()
  const bar = progressBar(`reading ${set.name}`)
  const found = await survey(set, { codecs, onProgress: (done, all) => bar(done / all, `${done} of ${all} pictures`) })
  const seed = options.training('seed') ?? 0
  const broken = new Set(found.broken.map(({ entry }) => entry))
  const holdOut = holdOutOf(options)
  const { shots = 0 } = shotsOf(options)
  const split = chosen(set, broken, { holdOut, shots: shots || undefined, seed })
  const report = pictureReport(set, found, split)
  const reportPath = options.text('report')
  if (reportPath !== undefined) await writeOne(reportPath, new TextEncoder().encode(`${JSON.stringify(plain(report), undefined, 2)}\n`))
  const out = options.text('out')
  if (out !== undefined) {
    const source = pictureSource(pictureReader(set.entries, { processor, codecs }), { augmentation, seed })
    await writeRows(out, set, source, split, options.number('rows') ?? usuallyWritten)
  }
  const labels = set.entries.map(({ label }) => label)
  const few = fewerShots(set.classes, labels, split.train, shots)
  tell([...reportLines(report), ...(few ? [few] : [])].map((line) => sentence(line)))
  process.stdout.write(options.flag('json') ? `${JSON.stringify(plain(report))}\n` : table(report))
}

function holdOutOf(options: Options): number {
  const share = options.number('hold-out') ?? 0
  if (share < 0 || share >= 1) throw new FormatError(say`--hold-out: expected a share from 0 to less than 1, got ${share}. Correct it.`)
  return share
}

/** Writes the first rows to train on, in the order of the set: pixels [rows, channels, height, width] and labels [rows]. */
async function writeRows(path: string, set: PictureSet, source: PictureSource, { train }: ChosenPictures, most: number): Promise<void> {
  const entries = Array.from(train.subarray(0, most))
  const rows: Float32Array[] = []
  for (const entry of entries) rows.push(await source.pixels(entry, 0))
  const each = rows[0]?.length ?? 0
  const pixels = new Float32Array(each * rows.length)
  rows.forEach((row, i) => pixels.set(row, i * each))
  const labels = Float32Array.from(entries, (entry) => source.labels[entry])
  const tensors = [
    { name: 'pixels', shape: [rows.length, each], data: pixels },
    { name: 'labels', shape: [rows.length], data: labels },
  ]
  const paths = JSON.stringify(entries.map((entry) => set.entries[entry].file.path))
  await writeOne(path, writeSafetensors(tensors, { paths, classes: JSON.stringify(set.classes) }))
}

/** The report with its sentences as text. */
const plain = (report: PictureReport): object => ({
  ...report,
  refused: report.refused.map(({ where, problem }) => ({ where, problem: sentence(problem) })),
})

function table({ classes, pictures, refused }: PictureReport): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`
  const head = line(['Class', 'Pictures', 'Trained on', 'Evaluated on']) + line(['---', '---:', '---:', '---:'])
  // Classes without pictures are told in one sentence.
  const body = classes
    .filter((one) => one.pictures > 0)
    .map((one) => line([one.name, one.pictures, one.train, one.eval]))
    .join('')
  const sum = (key: 'train' | 'eval'): number => classes.reduce((all, one) => all + one[key], 0)
  return `${head}${body}${line([`All (${classes.length} classes; refused: ${refused.length})`, pictures, sum('train'), sum('eval')])}`
}
