// The datasets of the study as rows of prompt and completion, made from ../shared/datasets, in the checkout's cache.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutCache, root } from '../../src/cli/node/cache.mjs'

/** @typedef {import('./rows.mjs').DatasetName} DatasetName */
/** @typedef {{ prompt: string, completion: string }} Row */
/** @typedef {Record<string, string>} Source */

const shared = join(root, '..', 'shared', 'datasets')
/** Rows that are judged at the end. */
const judged = 60

/**
 * `most`: longer rows (characters of both texts) are left out, so that a row of the study takes minutes on a software adapter.
 * @type {Record<DatasetName, { train: string, test: string, task: string, most: number, row: (source: Source) => Row }>}
 */
const datasets = {
  viggo: {
    train: 'viggo.train.jsonl',
    test: 'viggo.test.jsonl',
    task: 'Write the meaning representation of the sentence.',
    most: 220,
    row: ({ input = '', output = '' }) => ({ prompt: input, completion: output }),
  },
  wikisql: {
    train: 'wikisql.train.jsonl',
    test: 'wikisql.test.jsonl',
    task: 'Write the SQL query that answers the question from the table.',
    most: 300,
    row({ text = '' }) {
      const at = text.lastIndexOf('\nA: ')
      return { prompt: text.slice(0, at), completion: text.slice(at + '\nA: '.length) }
    },
  },
  gsm8k: {
    train: 'gsm8k.train1500.jsonl',
    test: 'gsm8k.test.jsonl',
    task: 'Solve the problem step by step. The last line is #### and the number.',
    most: 340,
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

/** Writes the files of a dataset, unless they are there, and returns their paths from the checkout's root. @param {DatasetName} name */
export function filesOf(name) {
  const { train, test, most, row } = datasets[name]
  const folder = join(checkoutCache, 'study')
  mkdirSync(folder, { recursive: true })
  /** @param {string} file @param {(count: number) => number} every */
  const written = (file, every) => {
    const path = join(folder, `${name}-${file === train ? 'train' : 'test'}.jsonl`)
    if (existsSync(path)) return path
    const all = readFileSync(join(shared, file), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => row(JSON.parse(line)))
      .filter(({ prompt, completion }) => prompt.length + completion.length <= most)
    const step = every(all.length)
    const kept = all.filter((_, i) => Math.floor(i / step) < Math.floor((i + 1) / step))
    writeFileSync(path, kept.map((r) => `${JSON.stringify(r)}\n`).join(''))
    return path
  }
  return { train: written(train, () => 1), test: written(test, (count) => Math.max(1, count / judged)) }
}
