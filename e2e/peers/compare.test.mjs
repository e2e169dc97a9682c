// A peer's time counts only if it did the same work, and a peer that fails does not affect the others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compare } from './compare.mjs'
import { readModel, tensorShapes, tokens, workloadNamed, writeModel } from './workloads.mjs'

const folder = mkdtempSync(join(tmpdir(), 'tabtune-peers-test-'))
const script = join(folder, 'engine.mjs')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A fake engine that answers like child.mjs and behaves as its name says.
beforeAll(() =>
  writeFileSync(
    script,
    `import { createInterface } from 'node:readline'
    const name = process.argv[2]
    const say = (what) => process.stdout.write('@ ' + JSON.stringify(what) + '\\n')
    process.stdout.write('a remark of a library\\n')
    say({ adapter: name === 'elsewhere' ? 'another adapter' : 'adapter' })
    for await (const line of createInterface({ input: process.stdin })) {
      if (name === 'crashing') process.exit(3)
      if (name === 'refusing') say({ error: 'too large for this device' })
      else if (name !== 'silent') say({ loss: name === 'other' ? 2.0001 : 2.000001, gradNorm: name === 'forgetful' ? 2.9 : 3, ms: name === 'ours' ? 10 : 40, cpuMs: name === 'ours' ? 20 : 100 })
    }`,
  ),
)

/** @param {string[]} peers @param {Partial<import('./compare.mjs').Plan>} [changes] */
function run(peers, changes = {}) {
  const command = (/** @type {string} */ engine) => [script, engine]
  const plan = {
    workload: 's260k',
    peers,
    rounds: 3,
    limitMs: 5000,
    command,
    env: {},
    adapter: 'adapter',
    say: () => undefined,
    tooSlow: new Map(),
  }
  return compare({ ...plan, ...changes })
}

test('ratios are medians over rounds, with spread and losses', async () => {
  const [row] = await run(['good'])
  expect(row).toMatchObject({ workload: 's260k', peer: 'good', peerMs: 40, ourMs: 10, ratio: 4, spread: 0, cpuRatio: 5, rounds: 3 })
})

test('a peer that does different work is wrong and has no ratio, and failures have a reason', async () => {
  const rows = await run(['other', 'forgetful', 'refusing', 'crashing', 'elsewhere', 'good'])
  expect(rows.map((row) => row.ratio)).toEqual([null, null, null, null, null, 4])
  expect(rows[0]).toMatchObject({ wrong: true, reason: expect.stringContaining('the same loss to five digits') })
  expect(rows[1]).toMatchObject({ wrong: true, reason: expect.stringContaining('norm of the gradient') })
  expect(rows.slice(2, 5).map((row) => row.reason)).toEqual([
    'too large for this device',
    'crashing ended (exit code 3)',
    'expected the adapter adapter, got another adapter',
  ])
  expect(rows.slice(2).some((row) => row.wrong)).toBe(false)
})

test('a peer that does not answer is not waited for, and slow peers are left out', async () => {
  const rows = await run(['silent', 'good'], { limitMs: 1500, tooSlow: new Map([['good', 'not tried']]) })
  expect(rows[0]).toMatchObject({ timedOut: true, reason: 'silent: no answer within 3 s' })
  expect(rows[1]).toMatchObject({ ratio: null, reason: 'not tried' })
})

test('the model for all engines is read back as it was written', () => {
  const w = { ...workloadNamed('s260k'), layers: 1, hidden: 8, intermediate: 12, heads: 2, vocab: 16 }
  writeModel(join(folder, 'model'), w)
  const read = readModel(join(folder, 'model'))
  expect([...read].map(([name, t]) => [name, t.shape])).toEqual(tensorShapes(w))
  for (const { shape, values } of read.values()) expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1))
  const { ids, targets } = tokens(w)
  expect(targets.slice(0, w.length - 1)).toEqual(ids.slice(1, w.length))
  expect(Math.max(...ids, ...targets)).toBeLessThan(w.vocab)
})
