import { expect, it } from 'vitest'
import { refuseUnused } from './command-options'
import { helpText } from './help'
import { Options } from './options'

const check = (...argv: string[]) => refuseUnused(new Options(argv))

it.each([
  ['plan', '--data=d.jsonl'],
  ['compare', '--method=lora'],
  ['eval', '--eval=e.jsonl'],
  ['sweep', '--save-every=2'],
  ['score', '--rows=3'],
  ['map', '--methods=lora'],
  ['inspect', '--lr=1'],
])('tabtune %s refuses %s, which it would ignore', (command, option) => {
  expect(() => check(command, option)).toThrow(
    `tabtune ${command}: expected options of this command, got ${option.split('=')[0]}. Leave it out`,
  )
})

it('a word without an option is refused, since a list has no spaces', () => {
  expect(() => check('compare', '--methods', 'lora', 'ia3')).toThrow('tabtune compare: expected only options after the command, got ia3.')
})

/** The commands of the help with the options of their usage, without what is explained in brackets. */
const usages = helpText()
  .split('\n\n')[0]
  .split(/^tabtune /m)
  .filter(Boolean)
  .map((text) => {
    const lines = text.replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, '')
    const names = [...lines.matchAll(/--([a-z-]+)/g)].map(([, name]) => name)
    return [text.split(/\s/)[0], [...new Set(names)]] as const
  })

it.each(usages)('tabtune %s takes the options of its usage: %s', (command, names) => {
  const switches = new Set(['json', 'csv', 'gguf', 'kernels', 'quick', 'sweep', 'grid', 'exact-match', 'loss', 'raw', 'no-chat-template'])
  expect(() => check(command, ...names.map((name) => (switches.has(name) ? `--${name}` : `--${name}=1`)))).not.toThrow()
})

it.each(usages.filter(([command]) => command !== 'sweep'))('tabtune %s refuses the option of another command', (command) => {
  expect(() => check(command, '--grid')).toThrow(`tabtune ${command}: expected options of this command, got --grid`)
})
