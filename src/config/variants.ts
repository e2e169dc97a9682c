// The runs of a comparison as plain data: every chosen method, once for each combination of the settings that are varied. A variant is
// named by what differs.
import type { AskedBase } from './answered-rows'
import { askingFields } from './asking-fields'
import { FormatError, UnsupportedError } from './errors'
import { type Field, type FieldValue, type Settings, fieldProblem, valueFromText } from './field'
import { say } from './phrase'
import { type BaseFormat, baseFormats } from './run-config'

/** What is varied of a method: its name, its settings and the base precisions that it is meant for (none = any). */
interface VariedMethod {
  name: string
  label: string
  fields: readonly Field[]
  bases: readonly BaseFormat[]
}

/** A setting with its values. `method`: it is varied for this method only; absent: for every method that has it. */
export interface Axis {
  method?: string
  key: string
  values: readonly FieldValue[]
}

/** A run of a comparison: its method, and the settings in which it differs from how the method is set up. */
export interface Variant<M extends VariedMethod = VariedMethod> {
  method: M
  settings: Settings
  training: Settings
  base?: BaseFormat
  taskDescription?: string
  /** The method's label, and what differs from its other runs: `LoRA r 16, seed 2`. */
  name: string
  /** The name without the seed. Runs that share it are repetitions. */
  group: string
}

/** The base precision as a setting that can be varied. */
const baseField: Field = {
  key: 'base',
  type: 'choice',
  label: 'Base precision',
  help: 'How the matrices of the base are held.',
  default: 'native',
  options: baseFormats.map((value) => ({ value, label: value })),
}
const taskField: Field = askingFields[0]

const seedKey = 'seed'

/** Settings that decide which rows are evaluated, and how much of them. They are the same for all runs. */
const ofRows: readonly string[] = ['maxLength', 'evalRows']

/** Settings that all methods share, and that can be varied. */
export function sharedAxisFields(trainingFields: readonly Field[]): Field[] {
  return [...trainingFields.filter(({ key }) => !ofRows.includes(key)), baseField, taskField]
}

/** The name that a setting has as an option: `lr`, `eval-rows`. */
const optionName = ({ key, flag }: Field): string => flag ?? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** More runs than these are refused, because each takes minutes. */
const mostVariants = 500

const named = ({ method, key }: Pick<Axis, 'method' | 'key'>): string => (method === undefined ? key : `${method}.${key}`)

/** The field that an axis means for a method; undefined where the method has no such setting. */
function fieldOf(axis: Pick<Axis, 'method' | 'key'>, method: VariedMethod, trainingFields: readonly Field[]): Field | undefined {
  const matches = (field: Field): boolean => field.key === axis.key
  if (axis.method !== undefined && axis.method !== method.name) return undefined
  return method.fields.find(matches) ?? sharedAxisFields(trainingFields).find(matches)
}

/** The values in `text`: separated by commas, or by `|` if there is one. Texts may have commas, so only `|` or a line break separates them. */
function listed(text: string, { type }: Field): string[] {
  const between = type === 'text' ? /[|\n]/ : text.includes('|') ? '|' : ','
  return text.split(between).map((value) => value.trim())
}

/**
 * An axis as it is written: `lora.r=8,16`, `lr=1e-4,1e-3`, `lora.targetModules=q_proj,v_proj|all-linear`. @throws FormatError if no chosen method
 * has the setting, or if it does not take a value
 */
export function parseAxis(text: string, methods: readonly VariedMethod[], trainingFields: readonly Field[]): Axis {
  const at = text.indexOf('=')
  const [whole, values] = at < 0 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1)]
  const dot = whole.indexOf('.')
  const [method, name] = dot < 0 ? [undefined, whole] : [whole.slice(0, dot), whole.slice(dot + 1)]
  if (method !== undefined && !methods.some((each) => each.name === method))
    throw new FormatError(
      say`vary ${whole}: expected one of the chosen methods ${methods.map((each) => each.name).join(', ')}, got ${method}. Choose it too, or correct the name.`,
    )
  if (trainingFields.some((field) => ofRows.includes(field.key) && (field.key === name || optionName(field) === name)))
    throw new UnsupportedError(
      say`vary ${whole}: runs that are evaluated on other rows, or on rows of another length, cannot be compared. Make a comparison for each value.`,
    )
  const key = [...sharedAxisFields(trainingFields)].find((field) => optionName(field) === name)?.key ?? name
  const axis = { ...(method !== undefined && { method }), key }
  const field = methods.map((each) => fieldOf(axis, each, trainingFields)).find((found) => found !== undefined)
  if (!field)
    throw new FormatError(
      say`vary ${whole}: expected a setting of a chosen method or of training, got ${name || say`nothing`}. Write it as METHOD.SETTING=VALUE,VALUE; run tabtune help for the settings.`,
    )
  return checkedAxis(
    { ...axis, values: at < 0 ? [] : listed(values, field).map((value) => valueFromText(field, value)) },
    methods,
    trainingFields,
  )
}

/** @throws FormatError if there is no value, a value twice, or one that a method does not take */
function checkedAxis(axis: Axis, methods: readonly VariedMethod[], trainingFields: readonly Field[]): Axis {
  if (axis.values.length === 0)
    throw new FormatError(say`vary ${named(axis)}: expected values, got none. Write them as ${named(axis)}=A,B.`)
  const twice = axis.values.find((value, i) => axis.values.indexOf(value) < i)
  if (twice !== undefined)
    throw new FormatError(say`vary ${named(axis)}: expected each value once, got ${String(twice)} twice. Leave one out.`)
  for (const method of methods) {
    const field = fieldOf(axis, method, trainingFields)
    for (const value of field ? axis.values : []) {
      const expected = fieldProblem(field!, value)
      if (expected) throw new FormatError(say`vary ${named(axis)}: expected ${expected}, got ${JSON.stringify(value)}. Correct it.`)
    }
  }
  const having = methods.filter((method) => fieldOf(axis, method, trainingFields))
  const unused = axis.values.find((value) => !having.some((method) => valuesFor(axis, method).includes(value)))
  if (unused !== undefined)
    throw new FormatError(
      say`vary ${named(axis)}: expected values that a chosen method takes (${[...new Set(having.flatMap(({ bases }) => bases))].join(', ')}), got ${String(unused)}. Leave it out, or choose another method too.`,
    )
  return axis
}

/** The values of an axis for a method: only base precisions that the method is meant for. */
function valuesFor({ key, values }: Axis, { bases }: VariedMethod): readonly FieldValue[] {
  if (key !== 'base' || bases.length === 0) return values
  return values.filter((value) => bases.some((base) => base === value))
}

const mostWords = 24

const taskWords = (task: string): string =>
  task === '' ? 'no task' : `task “${task.slice(0, mostWords)}${task.length > mostWords ? '…' : ''}”`

/** The name of a base that is asked with a task description. */
export const baseName = (task: string): string => `base, ${taskWords(task)}`

/** The name of a base that is asked in another way, without training: `base, 4 solved examples`. */
export function askedName({ taskDescription, shots }: AskedBase): string {
  const parts = ['base', ...(taskDescription === undefined ? [] : [taskWords(taskDescription)])]
  return [...parts, ...(shots > 0 ? [shots === 1 ? '1 solved example' : `${shots} solved examples`] : [])].join(', ')
}

/** The name of a base that reads the names of classes in these templates: the mean of several, or one alone. */
export const zeroShotName = (templates: readonly string[]): string =>
  templates.length === 1 ? `base, “${templates[0]}”` : `base, mean of ${templates.length} templates`

/** `r 16`, `learning rate 0.001`, `shots all`, `deep`, `task “Say which…”`. */
function words(field: Field, value: FieldValue): string {
  if (field.key === taskField.key) return taskWords(String(value))
  const name = field.key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  if (field.type === 'number' && field.zero !== undefined && value === 0) return `${name} ${field.zero}`
  if (field.type === 'boolean') return value ? (field.names?.on ?? `${name} on`) : (field.names?.off ?? `${name} off`)
  return `${name} ${value === '' ? 'none' : value}`
}

/**
 * Every run of the comparison: the methods in their order, the values of the first axis outermost, and seeds innermost.
 * @throws FormatError for a method that is named twice, or for too many runs
 */
export function variantsOf<M extends VariedMethod>(
  methods: readonly M[],
  axes: readonly Axis[],
  trainingFields: readonly Field[],
): Variant<M>[] {
  const twice = methods.find((method, i) => methods.indexOf(method) < i)
  if (twice)
    throw new FormatError(
      say`methods: expected each method once, got ${twice.name} twice. To compare it with itself, vary a setting of it: ${twice.name}.SETTING=VALUE,VALUE.`,
    )
  const again = axes.find((axis, i) => axes.findIndex((other) => named(other) === named(axis)) < i)
  if (again) throw new FormatError(say`vary ${named(again)}: expected each setting once, got it twice. Put all values in one list.`)
  // A seed is named last.
  const ordered = axes.toSorted((a, b) => Number(a.key === seedKey) - Number(b.key === seedKey))
  const found = methods.flatMap((method) => {
    const own = ordered.filter((axis) => fieldOf(axis, method, trainingFields) && valuesFor(axis, method).length > 0)
    let made: { axis: Axis; value: FieldValue }[][] = [[]]
    for (const axis of own) {
      if (made.length * axis.values.length > mostVariants) throw tooMany()
      made = made.flatMap((before) => valuesFor(axis, method).map((value) => [...before, { axis, value }]))
    }
    return made.map((changes) => variant(method, changes, trainingFields))
  })
  if (found.length > mostVariants) throw tooMany()
  return found
}

const tooMany = (): FormatError =>
  new FormatError(say`comparison: expected at most ${mostVariants} runs, got more. Leave out methods or values.`)

function variant<M extends VariedMethod>(
  method: M,
  changes: readonly { axis: Axis; value: FieldValue }[],
  trainingFields: readonly Field[],
): Variant<M> {
  const out: Variant<M> = { method, settings: {}, training: {}, name: '', group: '' }
  for (const { axis, value } of changes) {
    if (method.fields.some(({ key }) => key === axis.key)) out.settings[axis.key] = value
    else if (axis.key === baseField.key) out.base = baseFormats.find((format) => format === value)
    else if (axis.key === taskField.key) out.taskDescription = String(value)
    else out.training[axis.key] = value
  }
  const differing = changes.filter(({ axis }) => valuesFor(axis, method).length > 1)
  const nameOf = (parts: typeof differing): string =>
    [method.label, parts.map(({ axis, value }) => words(fieldOf(axis, method, trainingFields)!, value)).join(', ')].join(' ').trim()
  out.name = nameOf(differing)
  out.group = nameOf(differing.filter(({ axis }) => axis.key !== seedKey))
  return out
}
