// Makes a chat template a program that reports which turn it writes: every loop whose variable is a turn
// (or an index into the turns) calls a function at the beginning and at the end of its body.
import { parse, tokenize } from '@huggingface/jinja'
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'

type Program = ReturnType<typeof parse>

/** Functions that the program calls with the loop's variables, and with the lists that these index. */
export const turnBegins = 'tabtune_turn_begins'
export const turnEnds = 'tabtune_turn_ends'

type Node = Record<string, unknown>

/** The last template, with its program or the reason why it has none. */
let last: { template: string; program?: Program; error?: unknown } | undefined

/** The program of `template`, parsed with transformers' settings (trim_blocks, lstrip_blocks). Throws if the template is not Jinja. */
export function programOf(template: string): Program {
  if (last?.template !== template) last = parsed(template)
  if (!last.program) throw last.error
  return last.program
}

function parsed(template: string): NonNullable<typeof last> {
  try {
    return { template, program: withCalls(template) }
  } catch (error) {
    return { template, error }
  }
}

/** Keys of nodes that have statements. */
const blocks = ['body', 'alternate', 'defaultBlock'] as const
/** Statements that print nothing themselves, and text, which is printed as it is. */
const printless: readonly unknown[] = ['If', 'For', 'Break', 'Continue', 'Set', 'Macro', 'Comment', 'CallStatement', 'FilterStatement', 'StringLiteral'] // prettier-ignore

/** transformers' block around the assistant's text. The Jinja library removes it before it strips white space. */
const generationTag = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g

/** Most characters of a template. The longest in use have about 20,000. */
const maxLength = 2 ** 17
/** Most characters of white space in a row. The library goes through the rest again from each of them. */
const maxSpace = 10_000

function checkSource(template: string): void {
  const space = template.length > maxSpace ? Math.max(0, ...Array.from(template.matchAll(/\s{1000,}/g), ([run]) => run.length)) : 0
  if (template.length <= maxLength && space <= maxSpace) return
  throw new UnsupportedError(
    say`chat template: expected at most ${maxLength} characters and ${maxSpace} of white space in a row, got ${template.length} and ${space}. Use another model or a dataset without chat turns.`,
  )
}

function withCalls(template: string): Program {
  checkSource(template)
  // Jinja in Python reads every kind of line break as the same.
  const read = template
    .replace(/\r\n?/g, '\n')
    .replace(generationTag, (_, open, tag, close) => `{%${open} ${tag ? 'endif' : 'if true'} ${close}%}`)
  const program = parse(tokenize(read, { lstrip_blocks: true, trim_blocks: true }))
  const all = [...nodes(program)]
  for (const node of all) for (const key of blocks) if (Array.isArray(node[key])) node[key] = (node[key] as Node[]).map(printed)
  for (const loop of all) if (loop.type === 'For') tellTurns(loop)
  return program
}

/** Makes a statement that prints a value print it like Python's str. */
const printed = (statement: Node): Node =>
  printless.includes(statement.type)
    ? statement
    : { type: 'FilterExpression', operand: statement, filter: { type: 'Identifier', value: 'string' } }

/** Adds calls at the beginning and the end of a loop's body, and wherever an iteration ends early. */
function tellTurns(loop: Node): void {
  const variables = identifiers(loop.loopvar)
  const lists = [...nodes(loop.body)].flatMap((node) => listIndexed(node, variables))
  const given = [...variables, ...new Set(lists)].join(', ')
  const ends = (): unknown[] => statements(`{{ ${turnEnds}(${given}) }}`)
  leaveWith(loop.body as Node[], ends)
  loop.body = [...statements(`{{ ${turnBegins}(${given}) }}`), ...(loop.body as Node[]), ...ends()]
}

/** Puts statements before each `continue` and `break` of a loop's body, but not of the loops inside it. */
function leaveWith(body: Node[], ends: () => unknown[]): void {
  for (let i = 0; i < body.length; i++) {
    const { type } = body[i]
    if (type === 'Continue' || type === 'Break') {
      const calls = ends() as Node[]
      body.splice(i, 0, ...calls)
      i += calls.length
    } else if (type === 'If') for (const key of ['body', 'alternate']) leaveWith(body[i][key] as Node[], ends)
  }
}

const statements = (source: string): unknown[] => parse(tokenize(source)).body

/** Every node of a tree, parents first. */
function* nodes(tree: unknown): Generator<Node> {
  const open = [tree]
  while (open.length) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    if ('type' in value) yield value as Node
    for (const child of Object.values(value).reverse()) open.push(child)
  }
}

const identifiers = (value: unknown): string[] =>
  [...nodes(value)].flatMap((node) => (node.type === 'Identifier' ? [String(node.value)] : []))

/** `messages` of `messages[i]`, where `i` is one of `variables`. */
function listIndexed(node: Node, variables: readonly string[]): string[] {
  if (node.type !== 'MemberExpression' || !node.computed) return []
  const [object, property] = [node.object as Node, node.property as Node]
  const indexed = property.type === 'Identifier' && variables.includes(String(property.value))
  return indexed && object.type === 'Identifier' ? [String(object.value)] : []
}
