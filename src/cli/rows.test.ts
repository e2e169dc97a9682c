// What the command line reports about a dataset while it reads it (cut-rows-not-told), with the demo model and without a GPU.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Asking } from '../config/asking'
import { type LoadedModel, planModel } from '../peft/loaded-model'
import { data } from './commands/data'
import { openModelFile, openRows } from './open'
import { Options } from './options'

const folder = mkdtempSync(join(tmpdir(), 'rows-'))
const model = ['--model', 'public/demo']
const file = (name: string, rows: readonly unknown[]): string => {
  const path = join(folder, name)
  writeFileSync(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'))
  return path
}

async function loaded(): Promise<LoadedModel> {
  return planModel(await openModelFile(new Options(['eval', ...model])), 'native', 2 ** 31)
}

/** The text written to stderr or stdout while `act` runs. */
async function written(stream: 'stderr' | 'stdout', act: () => Promise<unknown>): Promise<string> {
  const spy = vi.spyOn(process[stream], 'write').mockReturnValue(true)
  await act()
  return spy.mock.calls.map(([text]) => String(text)).join('')
}

afterEach(() => vi.restoreAllMocks())

describe('the command line', () => {
  it('reports on stderr that rows are cut, which columns are not used and which rows repeat', async () => {
    const long = { prompt: 'list', completion: 'red, green, blue, '.repeat(20), source: 'web' }
    const path = file('cut.jsonl', [long, long, { ...long, completion: 'red' }])
    const said = await written('stderr', async () => openRows(await loaded(), new Options(['eval', '--data', path]), { maxLength: 64 }))
    expect(said).toMatch(/^cut\.jsonl: 3 rows read as prompt-completion/)
    expect(said).toContain('cut.jsonl: 2 of 3 rows are cut at 64 tokens (the longest row has')
    expect(said).toContain('cut.jsonl: Columns that are not used: source.\n')
    expect(said).toContain('cut.jsonl: 1 of 3 rows repeats an earlier row (line 2 is the same as line 1).\n')
  })
  it("cuts rows at the length that was asked for, also beyond the model's context", async () => {
    const model = await loaded()
    const path = file('long.jsonl', [{ prompt: 'list', completion: 'red, green, blue, '.repeat(80) }])
    const { context } = model.file.config
    const said = await written('stderr', () => openRows(model, new Options(['eval', '--data', path]), { maxLength: context + 30 }))
    expect(said).toContain(`cut at ${context + 30} tokens`)
    expect(said).toContain(`1 row read as prompt-completion, ${context + 30} tokens`)
  })
  it('asks rows as an adapter was trained, and says where an option asks otherwise', async () => {
    const model = await loaded()
    const path = file('asked.jsonl', [{ prompt: 'door', completion: 'red' }])
    const like: Asking = {
      form: 'pair',
      promptTemplate: '{prompt} is {completion}',
      taskDescription: 'Colours.',
      systemWords: '',
      ends: [0],
    }
    const read = (...more: string[]) => openRows(model, new Options(['eval', '--data', path, ...more]), { maxLength: 64, like })
    const said = await written('stderr', async () =>
      expect((await read()).dataset.asking).toMatchObject({ ...like, ends: [expect.any(Number)] }),
    )
    expect(said).not.toContain('not worded')
    const other = await written('stderr', () => read('--task', 'Name it.', '--prompt-separator', '\\n'))
    expect(other).toContain(
      'asked.jsonl: The rows are not worded as in the adapter’s training: the prompt followed by a line break instead of the prompt template “{prompt} is {completion}”; task description “Name it.” instead of “Colours.”.\n',
    )
  })
  it('names all unusable lines before it refuses the file, and counts them with --skip-bad', async () => {
    const path = file('bad.jsonl', [{ prompt: 'a', completion: 'b' }, 'nonsense', { prompt: 'a' }])
    const model = await loaded()
    const read = (...more: string[]) => openRows(model, new Options(['train', '--data', path, ...more]), { maxLength: 64 })
    const refused = await written('stderr', () => expect(read()).rejects.toThrow(/expected 3 rows to train on, got 2/))
    expect(refused).toMatch(/bad\.jsonl: line 2: not JSON.*\nbad\.jsonl: line 3: completion: expected text, got nothing\n/)
    vi.restoreAllMocks()
    const more = file('more.jsonl', [{ prompt: 'a', completion: 'b' }, 'nonsense'])
    expect(
      await written('stderr', () => openRows(model, new Options(['train', '--data', more, '--skip-bad']), { maxLength: 64 })),
    ).toContain('more.jsonl: 1 row cannot be used.\nmore.jsonl: line 2: not JSON')
  })
  it('reports evaluation rows that are also training rows', async () => {
    const rows = [1, 2, 3].map((i) => ({ prompt: `p${i}`, completion: 'c' }))
    const [train, test] = [file('train.jsonl', rows), file('test.jsonl', rows.slice(1))]
    const options = new Options(['train', '--data', train, '--eval', test])
    expect(await written('stderr', async () => openRows(await loaded(), options, { maxLength: 64 }))).toContain(
      '2 of 2 evaluation rows are also trained on (line 1 of test.jsonl is the same as line 2 of train.jsonl)',
    )
  })
  it('reads columns by the mapping of --columns', async () => {
    const path = file('own.jsonl', [{ exercise: 'e', remark: 'r', worked: 'w' }])
    // The report says why the file cannot be used, and the command ends with an error.
    const refused = () => expect(data(new Options(['data', ...model, '--data', path, '--json']))).rejects.toThrow('(1 of 1)')
    const rows = () => written('stdout', refused)
    expect(JSON.parse(await rows())).toMatchObject([
      { file: 'own.jsonl', problem: expect.stringContaining('got columns exercise') as string },
    ])
    vi.restoreAllMocks()
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const mapped = new Options(['data', ...model, '--data', path, '--json', '--columns', 'prompt=exercise,completion=worked'])
    expect(JSON.parse(await written('stdout', () => data(mapped)))).toMatchObject([{ rows: 1, refused: 0, format: 'prompt-completion' }])
  })
})
