// The data of the study, made from ../shared/datasets in the checkout's cache: rows of prompt and completion, and the text of the first stage.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { checkoutCache, root } from '../../src/cli/node/cache.mjs'

/** @typedef {import('./rows.mjs').DatasetName} DatasetName */
/** @typedef {{ prompt: string, completion: string }} Row */
/** @typedef {Record<string, string>} Source */

const shared = join(root, '..', 'shared', 'datasets')
/** What the study makes, from the checkout's root. */
export const folder = relative(root, join(checkoutCache, 'study'))
/** Test rows that are judged at the end. */
const judged = 40

/**
 * `most`: only rows with at most so many characters in both texts are trained on and judged, so that a row of the study takes minutes on a
 * software adapter. The texts of longer rows are those of the first stage.
 * @type {Record<DatasetName, { train: string, test: string, task: string, most: number, row: (source: Source) => Row }>}
 */
const datasets = {
  viggo: {
    train: 'viggo.train.jsonl',
    test: 'viggo.test.jsonl',
    task: 'Write the meaning representation of the sentence.',
    most: 180,
    row: ({ input = '', output = '' }) => ({ prompt: input, completion: output }),
  },
  wikisql: {
    train: 'wikisql.train.jsonl',
    test: 'wikisql.test.jsonl',
    task: 'Write the SQL query that answers the question from the table.',
    most: 250,
    row({ text = '' }) {
      const at = text.lastIndexOf('\nA: ')
      return { prompt: text.slice(0, at), completion: text.slice(at + '\nA: '.length) }
    },
  },
  gsm8k: {
    train: 'gsm8k.train1500.jsonl',
    test: 'gsm8k.test.jsonl',
    task: 'Solve the problem step by step. The last line is #### and the number.',
    most: 300,
    row: ({ question = '', answer = '' }) => ({ prompt: question, completion: answer }),
  },
}

/** What the prompts of a dataset say in front. @param {DatasetName} name */
export const taskOf = (name) => datasets[name].task

/** Names of the source files that are absent. @returns {string[]} */
export function absent() {
  return Object.values(datasets)
    .flatMap(({ train, test }) => [train, test])
    .filter((file) => !existsSync(join(shared, file)))
}

/** The rows of a source file, apart by their length. @param {DatasetName} name @param {'train' | 'test'} part */
function rowsOf(name, part) {
  const { [part]: file, most, row } = datasets[name]
  const all = readFileSync(join(shared, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => row(JSON.parse(line)))
  const isShort = (/** @type {Row} */ { prompt, completion }) => prompt.length + completion.length <= most
  return { short: all.filter(isShort), long: all.filter((each) => !isShort(each)) }
}

/** Writes a file of the study, unless it has these rows already, and returns its path from the checkout's root. @param {string} name @param {readonly object[]} rows */
function written(name, rows) {
  const path = join(folder, name)
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  mkdirSync(join(root, folder), { recursive: true })
  if (!existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text) writeFileSync(join(root, path), text)
  return path
}

/** The files of a dataset, from the checkout's root. @param {DatasetName} name */
export function filesOf(name) {
  const test = rowsOf(name, 'test').short
  const share = Math.min(1, judged / test.length)
  const some = test.filter((_, i) => Math.floor(i * share) < Math.floor((i + 1) * share))
  return { train: written(`${name}-train.jsonl`, rowsOf(name, 'train').short), test: written(`${name}-test.jsonl`, some) }
}

/**
 * The text of the first stage: prompts and completions of the long rows, each a text of its own, so that the model reads how sentences,
 * questions, representations and queries look, and not which of them belong together. From the checkout's root.
 */
export function textFile() {
  const names = /** @type {DatasetName[]} */ (Object.keys(datasets))
  const texts = names.flatMap((name) => rowsOf(name, 'train').long.flatMap(({ prompt, completion }) => [prompt, completion]))
  return written(
    'text.jsonl',
    [...new Set(texts)].map((text) => ({ text })),
  )
}
