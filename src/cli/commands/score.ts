// tabtune score: judges answers that are there already, of any model: a file of rows with the columns prompt, expected and answer.
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { ReadHow } from '../../config/read-how'
import { readAny } from '../../data/in/read-any'
import { type ScoreReport, scoreReport } from '../../scores/report'
import type { AnsweredRow } from '../../scores/score'
import { readHowOf } from '../data-options'
import { dataSource } from '../files'
import type { Options } from '../options'
import { chosenScores } from './scored-answers'

export async function score(options: Options): Promise<void> {
  const how = readHowOf(options)
  const rows = await answeredRows(options.need('data'), how)
  const against = options.text('against')
  const report = await scoreReport(rows, chosenScores(options), against === undefined ? undefined : await answeredRows(against, how))
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report)}\n` : markdown(report))
}

async function answeredRows(path: string, how: ReadHow): Promise<AnsweredRow[]> {
  const source = await dataSource(path)
  const rows: AnsweredRow[] = []
  for await (const { line, value, problem } of readAny(source, how)) {
    const { prompt = '', expected, answer } = value ?? {}
    if (problem || typeof prompt !== 'string' || typeof expected !== 'string' || typeof answer !== 'string')
      throw new FormatError(
        say`${source.name}, line ${line}: expected the texts prompt, expected and answer, got ${problem ?? say`columns ${Object.keys(value ?? {}).join(', ')}`}. Correct the line.`,
      )
    rows.push({ prompt, expected, answer })
  }
  if (!rows.length) throw new FormatError(say`${source.name}: expected answers, got an empty file. Choose another file.`)
  return rows
}

function markdown({ rows, scores }: ScoreReport): string {
  const all = scores.flatMap(({ figures }) => figures)
  const compared = all.some(({ other }) => other !== undefined)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const head = [`${rows} answers`, 'Value', '95 % interval', ...(compared ? ['Others', 'Difference', '95 % interval'] : [])]
  return line(head) + line(head.map((_, i) => (i ? '---:' : '---'))) + all.map((figure) => line(cells(figure))).join('')
}

function cells({ label, value, form, interval, other }: ScoreReport['scores'][number]['figures'][number]): string[] {
  const text = (number: number): string => (form === 'share' ? `${(number * 100).toFixed(1)} %` : number.toFixed(3))
  const range = ([low, high]: readonly [number, number]): string => `${text(low)} to ${text(high)}`
  const theirs = other && [text(other.value), `${text(other.difference)}${other.sure ? '' : ' (may be chance)'}`, range(other.interval)]
  return [label, text(value), range(interval), ...(theirs ?? [])]
}
