import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Options, argumentsOf } from './options'
import { type Stage, stagesToTrain } from './stages'

const optionsOf = (stages: Stage[]) => stages.map(({ options }) => argumentsOf(options.all).sort())
const words = async (text: string) => optionsOf(await stagesToTrain(new Options(['train', ...text.split(' ')])))

it('a command without --first is one run', async () => {
  const options = new Options(['train', '--model=m', '--data=d'])
  expect((await stagesToTrain(options)).map((stage) => stage.options)).toEqual([options])
})

it('with --first, the second run continues from the first one, with rows and a schedule of its own', async () => {
  const given =
    '--model=m --data=d --eval=e --task=T --method=lora --set=alpha=8 --steps=30 --lr=0.001 --out=o --first=t.txt --first-steps=9'
  expect(await words(given)).toEqual([
    ['--data=t.txt', '--lr=0.001', '--method=lora', '--model=m', '--out=o/first', '--set=alpha=8', '--steps=9'],
    ['--data=d', '--eval=e', '--init=o/first', '--lr=0.001', '--model=m', '--out=o', '--steps=30', '--task=T'],
  ])
  const [, second] = await words('--model=m --data=d --method=qlora --out=o --first=t.txt --first-steps=9')
  expect(second).toContain('--base=nf4-dq')
})

it.each(['--first=t.txt', '--first-steps=3', '--first=t.txt --first-steps=0', '--first=t.txt --first-steps=1.5'])(
  '%s is refused',
  async (more) => {
    await expect(words(`--model=m --data=d --method=lora --out=o ${more}`)).rejects.toThrow('--first: expected a file and --first-steps')
  },
)

describe('with --save-every', () => {
  const dir = (): string => mkdtempSync(join(tmpdir(), 'stages-'))
  const given = (out: string, more = ''): Options =>
    new Options([
      'train',
      ...`--model=m --data=d --method=lora --first=t.txt --first-steps=9 --save-every=3 --out=${out}${more}`.split(' '),
    ])
  const resumed = (out: string): Options => new Options(['train', `--resume=${out}`])
  const interrupt = (out: string): void => {
    mkdirSync(join(out, 'snapshot'), { recursive: true })
    writeFileSync(join(out, 'snapshot', 'command.json'), '{}')
  }
  const end = (out: string): void => rmSync(join(out, 'snapshot', 'command.json'))

  it('--resume DIR trains what is left of both runs', async () => {
    const out = dir()
    const [first] = await stagesToTrain(given(out))
    // Nothing is kept of a command that was refused.
    expect(optionsOf(await stagesToTrain(resumed(out)))).toEqual([[`--resume=${out}`]])
    await first.begins()
    expect(first.resumeAt).toBe(out)
    const [whole, second] = optionsOf(await stagesToTrain(resumed(out)))
    expect(whole).toContain(`--data=${resolve('t.txt')}`)
    expect(second).toEqual(
      [`--data=${resolve('d')}`, `--init=${join(out, 'first')}`, `--model=${resolve('m')}`, `--out=${out}`, '--save-every=3'].sort(),
    )
    interrupt(join(out, 'first'))
    expect(optionsOf(await stagesToTrain(resumed(out)))).toEqual([[`--resume=${join(out, 'first')}`], second])
    await expect(stagesToTrain(given(out))).rejects.toThrow(`Resume it with tabtune train --resume ${out}`)
    // The first run may be resumed alone.
    const [alone, ...none] = await stagesToTrain(resumed(join(out, 'first')))
    expect(none).toEqual([])
    end(join(out, 'first'))
    await alone.ended()
    expect(optionsOf(await stagesToTrain(resumed(out)))).toEqual([second])
    interrupt(out)
    const [last, ...more] = await stagesToTrain(resumed(out))
    expect([optionsOf([last]), more]).toEqual([[[`--resume=${out}`]], []])
    end(out)
    await last.ended()
    expect(readdirSync(out)).toEqual(['first'])
  })
})
