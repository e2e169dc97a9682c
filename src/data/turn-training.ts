// Marks in a dataset which say that a turn, or an answer, is not trained.
import { numberOf, stringifyJson } from '../config/exact-json'
import { type Phrase, joined, say } from '../config/phrase'
import type { Mapping, Row } from './row'
import { RowProblem } from './row-values'

type Turn = Readonly<Record<string, unknown>>

/**
 * Keys of a turn that say whether it is trained (1, true) or only read (0, false): OpenAI's and mistral-finetune's `weight`,
 * Axolotl's `train` and `training`, `loss` of ms-swift and XTuner, `loss_mask`, `train_on_turn`, `trainable`, and weights by other names.
 */
const trained = ['weight', 'train', 'training', 'trainable', 'train_on_turn', 'loss', 'loss_mask', 'loss_weight', 'loss_scale']
/** Keys with the opposite meaning: torchtune's `masked`. */
const masked = ['masked']
/** Keys that mark parts of a turn (Axolotl), or that tools read in opposite ways. */
const refused = ['train_detail', 'training_detail', 'mask']

/** Names of keys that may say in other tools whether a turn is trained. Their meaning is not known. */
const unknownMark = /(^|_)(train(ed|ing|able)?|loss(es)?|mask(s|ed)?|weights?|learn|supervised?|ignore|skip)(_|$)/i

export const trainingKeys: ReadonlySet<string> = new Set([...trained, ...masked])

const isAbsent = (value: unknown): boolean => value === undefined || value === null || (Array.isArray(value) && !value.length)

/** Whether a turn's keys say that it is trained; undefined if they do not say. `where` names the turn. @throws RowProblem */
export function turnTrained(turn: Turn, where: Phrase): boolean | undefined {
  const unclear = refused.find((key) => !isAbsent(turn[key]))
  if (unclear) throw new RowProblem(say`${where}: expected the whole turn to be trained or not ("train": true or false), got "${unclear}"`)
  const said = [...trained, ...masked].flatMap((key) => (isAbsent(turn[key]) ? [] : [{ key, on: isOn(turn[key], key, where) }]))
  const says = said.map(({ key, on }) => on !== masked.includes(key))
  if (says.includes(true) && says.includes(false))
    throw new RowProblem(
      say`${where}: expected its keys to agree on whether it is trained, got ${joined(
        said.map(({ key, on }) => say`"${key}": ${on}`),
        ' and ',
      )}`,
    )
  return says[0]
}

/** Refuses marks with other names on an assistant turn: a wrong guess would train text that is only context. @throws RowProblem */
export function refuseUnknownMarks(turn: Turn, where: Phrase): void {
  const isFlag = (value: unknown): boolean => typeof value === 'boolean' || numberOf(value) !== undefined || Array.isArray(value)
  const unknown = Object.keys(turn).find(
    (key) => unknownMark.test(key) && !trainingKeys.has(key) && !isAbsent(turn[key]) && isFlag(turn[key]),
  )
  if (unknown) throw new RowProblem(say`${where}: expected "train": true or false to say whether it is trained, got "${unknown}"`)
}

function isOn(value: unknown, key: string, where: Phrase): boolean {
  const text = String(value).toLowerCase()
  if (text === 'true' || Number(text) === 1) return true
  if (text === 'false' || (text !== '' && Number(text) === 0)) return false
  throw new RowProblem(say`${where}: expected "${key}" to be 0 or 1, since a turn is trained or it is not, got ${stringifyJson(value)}`)
}

/** The column that marks answers as wanted (true) or not (false) in preference data without pairs (TRL's KTO, LLaMA-Factory). */
export function labelColumn(row: Row, { columns }: Mapping): string | undefined {
  const used: unknown[] = Object.values(columns)
  return ['label', 'kto_tag'].find((column) => truthOf(row[column]) !== undefined && !used.includes(column))
}

/** true or false; also read from text, which tables have. */
export function truthOf(value: unknown): boolean | undefined {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  return text === true || text === 'true' ? true : text === false || text === 'false' ? false : undefined
}
