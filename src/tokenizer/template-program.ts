// A chat template as a program that says which turn it is writing: every loop whose variable is a turn
// (or an index into the turns) calls a function at the beginning and at the end of its body.
import { parse, tokenize } from '@huggingface/jinja'

export type Program = ReturnType<typeof parse>

/** Functions that the program calls with the loop's variables, and with the lists that these index. */
export const turnBegins = 'tabtune_turn_begins'
export const turnEnds = 'tabtune_turn_ends'

type Node = Record<string, unknown>

const known = new Map<string, Program>()

/** The program of `template`, as transformers cuts it (trim_blocks, lstrip_blocks). Throws where the template is no Jinja. */
export function programOf(template: string): Program {
  const program = known.get(template) ?? withCalls(template)
  known.clear()
  known.set(template, program)
  return program
}

function withCalls(template: string): Program {
  const program = parse(tokenize(template, { lstrip_blocks: true, trim_blocks: true }))
  for (const loop of [...nodes(program)].filter((node) => node.type === 'For')) {
    const variables = identifiers(loop.loopvar)
    const lists = [...nodes(loop.body)].flatMap((node) => listIndexed(node, variables))
    const given = [...variables, ...new Set(lists)].join(', ')
    loop.body = [...statements(`{{ ${turnBegins}(${given}) }}`), ...(loop.body as unknown[]), ...statements(`{{ ${turnEnds}(${given}) }}`)]
  }
  return program
}

const statements = (source: string): unknown[] => parse(tokenize(source)).body

/** Every node of a tree, parents first. */
function* nodes(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value) yield value as Node
  for (const child of Object.values(value)) yield* nodes(child)
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
