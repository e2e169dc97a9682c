// What is to be said about a set of pictures: counts by class and part, pictures that are refused or odd, the same pictures twice, and
// pictures that are in both parts or in two classes.
import { type Phrase, say, sentence } from '../config/phrase'
import { lookBits } from './look'
import type { PictureSet } from './picture-set'
import { shotsOf, stratified } from './sample'
import { type Pair, type Survey, mostAlike, sameFiles, sameLook, similar, tinySide } from './survey'

interface SplitChoice {
  /** Share of each class that is held out, where folders do not say what is. */
  holdOut: number
  /** Most pictures of each class that are trained on; absent = all. */
  shots?: number
  seed: number
}

export interface ChosenPictures {
  /** Entries of the set, ascending. */
  train: Int32Array
  eval: Int32Array
}

/** The entries to train on and those to evaluate on. Entries that are broken are in neither. */
export function chosen(set: PictureSet, broken: ReadonlySet<number>, { holdOut, shots, seed }: SplitChoice): ChosenPictures {
  const labels = set.entries.map(({ label }) => label)
  const usable = set.entries.map((_, i) => i).filter((i) => !broken.has(i))
  const given = set.entries.some(({ part }) => part === 'eval')
  const split = given
    ? { train: usable.filter((i) => set.entries[i].part !== 'eval'), eval: usable.filter((i) => set.entries[i].part === 'eval') }
    : stratified(labels, usable, holdOut, seed)
  return {
    train: shots === undefined ? Int32Array.from(split.train) : shotsOf(labels, split.train, shots, seed),
    eval: Int32Array.from(split.eval),
  }
}

interface ToldPair {
  a: string
  b: string
  /** Bits in which the looks differ; absent for the same file. */
  bits?: number
}

export interface PictureReport {
  name: string
  /** Pictures that can be used. */
  pictures: number
  classes: { name: string; pictures: number; train: number; eval: number }[]
  otherFiles: number
  refused: { where: string; problem: Phrase }[]
  /** Counts by format: PNG, JPEG. */
  kinds: Record<string, number>
  /** Smallest and largest width and height. */
  sizes?: { width: [number, number]; height: [number, number] }
  /** Pictures with fewer than `side` pixels on their shorter side. */
  tiny: { side: number; pictures: string[] }
  /** 16-bit grey pictures, of which Pillow makes values above 255 white. */
  deepGrey: string[]
  sameFile: ToldPair[]
  /** Different files with looks that differ in at most `bits` of 256 bits. */
  sameLook: { bits: number; pairs: ToldPair[] }
  /** Pairs of either kind with one picture in training and one in evaluation. */
  leaks: ToldPair[]
  /** Pairs of either kind in two classes. */
  twoClasses: ToldPair[]
}

const range = (values: readonly number[]): [number, number] => [
  values.reduce((least, value) => Math.min(least, value), Infinity),
  values.reduce((most, value) => Math.max(most, value), 0),
]

export function pictureReport(set: PictureSet, { pictures, broken }: Survey, { train, eval: held }: ChosenPictures): PictureReport {
  const [inTrain, inEval] = [new Set(train), new Set(held)]
  const path = (entry: number): string => set.entries[entry].file.path
  const told = ({ a, b, bits }: Pair): ToldPair => ({ a: path(a), b: path(b), ...(bits !== undefined && { bits }) })
  const [same, alike] = [sameFiles(pictures), similar(pictures)]
  const pairs = [...same, ...alike]
  const between = ({ a, b }: Pair): boolean => (inTrain.has(a) && inEval.has(b)) || (inTrain.has(b) && inEval.has(a))
  const kinds: Record<string, number> = {}
  for (const { kind } of pictures) kinds[kind] = (kinds[kind] ?? 0) + 1
  const counted = (rows: Iterable<number>): number[] => {
    const counts = set.classes.map(() => 0)
    for (const row of rows) counts[set.entries[row].label]++
    return counts
  }
  const [all, trained, evaluated] = [counted(pictures.map(({ entry }) => entry)), counted(train), counted(held)]
  return {
    name: set.name,
    pictures: pictures.length,
    classes: set.classes.map((name, i) => ({ name, pictures: all[i], train: trained[i], eval: evaluated[i] })),
    otherFiles: set.otherFiles,
    refused: [...set.refused, ...broken.map(({ where, problem }) => ({ where, problem }))],
    kinds,
    ...(pictures.length > 0 && {
      sizes: { width: range(pictures.map((one) => one.width)), height: range(pictures.map((one) => one.height)) },
    }),
    tiny: {
      side: tinySide,
      pictures: pictures.filter((one) => Math.min(one.width, one.height) < tinySide).map(({ entry }) => path(entry)),
    },
    deepGrey: pictures.filter((one) => one.deepGrey).map(({ entry }) => path(entry)),
    sameFile: same.map(told),
    sameLook: { bits: sameLook, pairs: alike.map(told) },
    leaks: pairs.filter(between).map(told),
    twoClasses: pairs.filter(({ a, b }) => set.entries[a].label !== set.entries[b].label).map(told),
  }
}

const shownPairs = 5

/** A sentence and its first pairs. */
function pairLines(what: Phrase, pairs: readonly ToldPair[]): Phrase[] {
  if (pairs.length === 0) return []
  const shown = pairs.slice(0, shownPairs).map(({ a, b, bits }) => (bits ? say`${a} and ${b} (${bits} bits)` : say`${a} and ${b}`))
  const rest = pairs.length - shown.length
  return [what, ...shown.map((pair) => say`  ${pair}`), ...(rest > 0 ? [say`  and ${rest} more`] : [])]
}

/** What a person should know before training, most important first. */
export function reportLines(report: PictureReport): Phrase[] {
  const { refused, tiny, deepGrey, sameFile, sameLook: alike, leaks, twoClasses, otherFiles } = report
  const empty = report.classes.filter(({ pictures }) => pictures === 0)
  return [
    ...refused.slice(0, 10).map(({ where, problem }) => (sentence(problem).startsWith(`${where}: `) ? problem : say`${where}: ${problem}`)),
    ...(refused.length > 10 ? [say`Pictures that are refused: ${refused.length}.`] : []),
    ...(empty.length ? [say`Classes without pictures: ${empty.length}, such as ${empty[0].name}.`] : []),
    ...pairLines(say`Pairs that are the same or look the same, one in training and one in evaluation: ${leaks.length}.`, leaks),
    ...pairLines(say`Pairs that are the same or look the same, in two classes: ${twoClasses.length}.`, twoClasses),
    ...pairLines(say`Pictures that are the same file as another: ${sameFile.length}.`, sameFile),
    ...pairLines(say`Pairs that look the same (at most ${alike.bits} of ${lookBits} bits differ): ${alike.pairs.length}.`, alike.pairs),
    ...(alike.pairs.length < mostAlike
      ? []
      : [say`Pairs that look the same were looked for until there were ${mostAlike}, so the numbers of pairs may be too low.`]),
    ...(tiny.pictures.length
      ? [say`Pictures with fewer than ${tiny.side} pixels on a side: ${tiny.pictures.length}, such as ${tiny.pictures[0]}.`]
      : []),
    ...(deepGrey.length
      ? [
          say`Pictures with 16-bit grey: ${deepGrey.length}, such as ${deepGrey[0]}. As in Pillow, values above 255 become white. Save them with 8 bits.`,
        ]
      : []),
    ...(otherFiles ? [say`Files that are left out because they do not have the name of a picture: ${otherFiles}.`] : []),
  ]
}
