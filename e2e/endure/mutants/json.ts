// Changes JSON: values of other types, keys left out, doubled and swapped, deep nesting, huge numbers, long texts and lists. Its own writer
// can give one key twice, and numbers that JavaScript would not write.
import { type Field, mutatedBytes } from './bytes'
import type { Dice } from './random'

/** Text that stands in the file as it is. */
class Raw {
  constructor(readonly text: string) {}
}

type Tree = null | boolean | number | string | Raw | Tree[] | Entries
/** An object as its entries, so that a key may be there twice. */
class Entries {
  constructor(readonly list: [key: string, value: Tree][]) {}
}

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf)
  if (typeof value === 'object' && value !== null) return new Entries(Object.entries(value).map(([key, inside]) => [key, treeOf(inside)]))
  return value as Tree
}

function written(tree: Tree): string {
  if (tree instanceof Raw) return tree.text
  if (Array.isArray(tree)) return `[${tree.map(written).join()}]`
  if (tree instanceof Entries) return `{${tree.list.map(([key, value]) => `${JSON.stringify(key)}:${written(value)}`).join()}}`
  return JSON.stringify(tree)
}

const odd = [
  '-1', '0', '1', '1.5', '-0', '1e999', '1e308', '9007199254740993', '4294967296', '123456789012345678901234567890', 'true', 'null', '""',
  '"a"', '"null"', '"__proto__"', '"constructor"', '"(a|aa)+$"', '"../../x"', '"\\u0000"', '"\\ud800"', '[]', '{}', '[null]', '[[]]',
  '{"__proto__":{"a":1}}', '{"toString":1,"valueOf":2}', '{"type":"Sequence"}', '{"type":"ByteLevel"}', '{"length":3}', '{"Regex":"(?:a?){20}b"}', '"LORA"',
] // prettier-ignore

/** Something that does not belong there. */
function oddTree({ below, one }: Dice): Tree {
  const how = below(12)
  if (how === 0) {
    const depth = 1 + below(one([20, 200, 3000, 40_000]))
    const [open, close] = one([['[', ']'], ['{"a":', '}']] as const) // prettier-ignore
    return new Raw(open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth))
  }
  if (how === 1) return new Raw(`[${new Array(1 + below(3000)).fill(one(odd)).join()}]`)
  if (how === 2) return new Raw(JSON.stringify(one(['a', ' ', '▁', '\u0301', '👍']).repeat(1 + below(4000))))
  if (how === 3) return new Raw(`{${Array.from({ length: 1 + below(2000) }, (_, i) => `"k${i}":${i}`).join()}}`)
  return new Raw(one(odd))
}

const childrenOf = (tree: Tree): Tree[] => (Array.isArray(tree) ? tree : tree instanceof Entries ? tree.list.map(([, value]) => value) : [])

/** A list or an object of the tree, deep ones as likely as high ones. */
function somewhere(tree: Tree, { below, one }: Dice): Tree[] | Entries | undefined {
  let node = tree
  for (let depth = below(8); depth > 0; depth--) {
    const inside = childrenOf(node).filter((child) => Array.isArray(child) || child instanceof Entries)
    if (!inside.length) break
    node = one(inside)
  }
  return Array.isArray(node) || node instanceof Entries ? node : undefined
}

function change(tree: Tree, all: Tree, dice: Dice): void {
  const { below, one } = dice
  const node = somewhere(tree, dice)
  if (!node) return
  const list: unknown[] = node instanceof Entries ? node.list : node
  const at = below(list.length)
  const how = below(6)
  const valueNow = (): Tree => (node instanceof Entries ? node.list[at]![1] : node[at]!)
  const set = (value: Tree): void => {
    if (node instanceof Entries) node.list[at]![1] = value
    else node[at] = value
  }
  if (!list.length || how === 0)
    list.splice(at, 0, node instanceof Entries ? [one(['a', 'type', '__proto__', 'constructor', 'id']), oddTree(dice)] : oddTree(dice))
  else if (how === 1) list.splice(at, 1)
  else if (how === 2) list.push(node instanceof Entries ? [...node.list[at]!] : valueNow())
  else if (how === 3) {
    const other = somewhere(all, dice)
    set(other && childrenOf(other).length ? one(childrenOf(other)) : oddTree(dice))
  } else set(oddTree(dice))
}

/** `json`, a JSON file's value, written with one to three changes; sometimes also changed as text. */
export function mutatedJson(json: unknown, dice: Dice, fields: readonly Field[] = []): Uint8Array<ArrayBuffer> {
  const tree = treeOf(structuredClone(json))
  for (let i = 1 + dice.below(3); i > 0; i--) {
    // A branch may have been put inside itself by the change before.
    if (i > 1 || dice.below(3) > 0) change(tree, treeOf(json), dice)
  }
  const bytes = new TextEncoder().encode(written(tree))
  return dice.below(8) === 0 ? mutatedBytes(bytes, fields, dice) : bytes
}
