import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { train } from './commands/train'
import { answeringOf } from './compared-answers'
import { refuseUnused } from './command-options'
import { eachOnce } from './each-once'
import { helpText } from './help'
import { Options } from './options'
import { samplesFile } from './samples-file'

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
  const switches = new Set([
    'json',
    'csv',
    'gguf',
    'kernels',
    'models',
    'quick',
    'sweep',
    'grid',
    'exact-match',
    'loss',
    'raw',
    'no-open',
    'precisions',
    'no-chat-template',
    'flip',
  ])
  expect(() => check(command, ...names.map((name) => (switches.has(name) ? `--${name}` : `--${name}=1`)))).not.toThrow()
})

it.each(usages.filter(([command]) => command !== 'sweep'))('tabtune %s refuses the option of another command', (command) => {
  expect(() => check(command, '--grid')).toThrow(`tabtune ${command}: expected options of this command, got --grid`)
})

it.each([
  ['methods', ['lora', 'lora'], '--methods: expected each value once, got lora twice.'],
  ['shots', [0, 1, 1], '--shots: expected each value once, got 1 twice.'],
  ['methods', [], '--methods: expected a value, got nothing.'],
  ['metrics', [''], '--metrics: expected a value, got nothing.'],
])('--%s refuses the list %j', (option, values: readonly (string | number)[], words) => {
  expect(() => eachOnce<string | number>(option, values)).toThrow(words)
})

it('options about answers are refused where nothing is answered', async () => {
  for (const option of ['--rows=3', '--max-tokens=9']) {
    await expect(answeringOf(new Options(['compare', option]))).rejects.toThrow(
      `${option.split('=')[0]}: expected it with --metrics, --shots`,
    )
    expect((await answeringOf(new Options(['compare', option, '--metrics=auto'])))?.others).toEqual([])
  }
  await expect(answeringOf(new Options(['compare', '--base-prompt=A', '--base-prompt=A']))).rejects.toThrow('expected each text once')
})

it('a run with two stages is refused before its first stage if the files of the second are missing, or its folder is taken', async () => {
  const out = await mkdtemp(join(tmpdir(), 'stages-'))
  const argv = ['train', '--first=package.json', '--first-steps=1', '--method=lora', '--model=nowhere', `--out=${out}`]
  await expect(train(new Options([...argv, '--data=nowhere.jsonl']))).rejects.toThrow(
    '--data: there is no such file or folder as nowhere.jsonl.',
  )
  await mkdir(join(out, 'snapshot'))
  await writeFile(join(out, 'snapshot/command.json'), '{}')
  await expect(train(new Options([...argv, '--data=package.json']))).rejects.toThrow('got one with a run that was interrupted')
  await rm(out, { recursive: true })
})

it('samples after half a line are kept', async () => {
  const out = await mkdtemp(join(tmpdir(), 'samples-'))
  await writeFile(join(out, 'samples.jsonl'), '{"step":1}\n{"st')
  const file = samplesFile(out)
  file.note({ step: 2, rows: [], timeMs: 0, bytes: 0 })
  await file.written()
  expect(await readFile(join(out, 'samples.jsonl'), 'utf8')).toBe('{"step":1}\n')
  await rm(out, { recursive: true })
})
