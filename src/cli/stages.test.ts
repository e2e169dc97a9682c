import { expect, it } from 'vitest'
import { Options, argumentsOf } from './options'
import { stagesOf } from './stages'

const words = (text: string) => stagesOf(new Options(['train', ...text.split(' ')])).map(({ all }) => argumentsOf(all).sort())

it('a command without --first is one run', () => {
  const options = new Options(['train', '--model=m', '--data=d'])
  expect(stagesOf(options)).toEqual([options])
})

it('with --first, the second run continues from the first one, with rows and a schedule of its own', () => {
  const given =
    '--model=m --data=d --eval=e --task=T --method=lora --set=alpha=8 --steps=30 --lr=0.001 --out=o --first=t.txt --first-steps=9'
  expect(words(given)).toEqual([
    ['--data=t.txt', '--lr=0.001', '--method=lora', '--model=m', '--out=o/first', '--set=alpha=8', '--steps=9'],
    ['--data=d', '--eval=e', '--init=o/first', '--lr=0.001', '--model=m', '--out=o', '--steps=30', '--task=T'],
  ])
  const [, second] = words('--model=m --data=d --method=qlora --out=o --first=t.txt --first-steps=9')
  expect(second).toContain('--base=nf4-dq')
})

it.each(['--first=t.txt', '--first-steps=3', '--first=t.txt --first-steps=0', '--first=t.txt --first-steps=1.5'])(
  '%s is refused',
  (more) => {
    expect(() => words(`--model=m --data=d --method=lora --out=o ${more}`)).toThrow('--first: expected a file and --first-steps')
  },
)
