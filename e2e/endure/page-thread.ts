// How much of a core the page's own thread takes while the demo trains, and how long it hears nobody. A second case draws 20 runs of 50,000
// steps. Times are CPU times from the browser's trace, so that other work on the machine does not count.
import { type Browser, type Page, chromium } from 'playwright'
import { browserEnv, findBrowser } from '../../src/cli/node/browser.mjs'
import { expect } from '../studio'
import type { EndureFailure, EndurePart } from './part'
import { threadTime } from './thread-trace'

const most = { share: 0.1, over50: 0.01, taskMs: 150, redrawMs: 16 }
const tracedMs = 20_000
const [runs, points, redraws] = [20, 50_000, 10]

interface Found {
  figures: string[]
  problems: string[]
}

const ms = (value: number): string => `${value.toFixed(1)} ms`
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`

/** The demo trains while the page is traced. */
async function whileTraining(browser: Browser, page: Page): Promise<Found> {
  await page.getByTestId('demo-button').click()
  await expect(page.getByTestId('run-status')).toHaveAttribute('data-status', 'training', { timeout: 240_000 })
  await expect(page.getByTestId('metric-step')).toHaveText(/[1-9]/, { timeout: 120_000 })
  const { wallMs, taskMs, byKindMs } = await threadTime(browser, page, () => page.waitForTimeout(tracedMs))
  const step = await page.getByTestId('metric-step').innerText()
  const { script = 0, layout = 0, paint = 0 } = byKindMs
  const share = (script + layout) / wallMs
  const over50 = taskMs.filter((task) => task > 50).length
  const longest = Math.max(...taskMs)
  const problems = [
    share > most.share &&
      `script and layout took ${percent(share)} of a core while the demo trained, at most ${percent(most.share)} is allowed`,
    over50 > most.over50 * taskMs.length && `${over50} of ${taskMs.length} tasks took more than 50 ms, at most 1 in 100 may`,
    longest > most.taskMs && `a task took ${ms(longest)}, at most ${most.taskMs} ms are allowed`,
  ]
  return {
    figures: [
      `script and layout ${percent(share)} of a core (script ${percent(script / wallMs)}, layout ${percent(layout / wallMs)}, paint ${percent(paint / wallMs)}, all tasks ${percent(taskMs.reduce((sum, each) => sum + each, 0) / wallMs)}) up to step ${step}`,
      `${taskMs.length} tasks: ${over50} over 50 ms, the longest ${ms(longest)}`,
    ],
    problems: problems.filter((problem) => problem !== false),
  }
}

/** Another tab shows runs that it trains: as many as there are, each with as many steps. Then each of `redraws` new steps is drawn. */
async function manyPoints(browser: Browser, page: Page): Promise<Found> {
  const other = await page.context().newPage()
  await other.goto(new URL('icon.svg', page.url()).href)
  await page.bringToFront()
  await page.getByRole('navigation').locator('a[href="#train"]').click()
  await other.evaluate(
    ([count, length]) => {
      const channel = new BroadcastChannel('tabtune')
      const column = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(i))
      for (let run = 0; run < count; run++) {
        // A run whose lock is free has ended, so that its tab shows the kept record.
        void navigator.locks.request(`tabtune-run/many-${run}`, () => new Promise(() => undefined))
        const last = { step: length, steps: 2 * length, loss: 1, tokens: 100, totalTokens: 100 * length, elapsedMs: 1000 * length }
        const columns = {
          step: column((i) => i + 1),
          totalTokens: column((i) => 100 * (i + 1)),
          elapsedMs: column((i) => 1000 * (i + 1)),
          loss: column((i) => 5 * Math.exp(-i / 9000) + 0.1 * run + ((i * 7919) % 101) / 200),
          gradNorm: column((i) => 1 + ((i * 104_729) % 97) / 50),
        }
        const config = { method: 'lora', methodSettings: {}, training: {} }
        const about = { id: `many-${run}`, name: `Run ${run}`, colour: run, createdAt: run, status: 'training', config, last }
        const model = { name: 'a model', family: 'llama', base: 'native' }
        const empty = { length: 0, columns: {} }
        channel.postMessage({
          type: 'run',
          kept: { run: { ...about, model, data: { name: '', rows: 1 } }, series: { steps: { length, columns }, evals: empty } },
        })
      }
    },
    [runs, points],
  )
  await expect(page.getByTestId('chart-loss')).toHaveAttribute('data-points', String(points), { timeout: 120_000 })
  await page.waitForTimeout(3000)
  const step = async (more: number): Promise<void> => {
    await other.evaluate(
      ([at, i]) => {
        const metrics = { step: at, steps: 1e6, loss: 1, gradNorm: 1, tokens: 100, totalTokens: 100 * at, elapsedMs: 1000 * at }
        new BroadcastChannel('tabtune').postMessage({ type: 'events', runId: `many-${i}`, events: [{ type: 'step', metrics }] })
      },
      [points + more, 0],
    )
    await expect(page.getByTestId('chart-loss')).toHaveAttribute('data-points', String(points + more), { timeout: 60_000 })
    await page.waitForTimeout(500)
  }
  await step(1)
  const { byKindMs, taskMs } = await threadTime(browser, page, async () => {
    for (let i = 0; i < redraws; i++) await step(2 + i)
  })
  const each = (byKindMs.script ?? 0) / redraws
  return {
    figures: [`a new step among ${runs} runs × ${points} points takes ${ms(each)} of script, the longest task ${ms(Math.max(...taskMs))}`],
    problems:
      each > most.redrawMs
        ? [`a redraw of ${runs} runs × ${points} points took ${ms(each)} of script, expected less than ${most.redrawMs} ms`]
        : [],
  }
}

const cases = [whileTraining, manyPoints]

export const part: EndurePart = {
  name: 'page-thread',
  shows: 'the page takes little of a core while the demo trains, and draws a new step of 20 long runs at once',
  unit: 'measurements',
  counts: { sample: 0, usual: cases.length, long: cases.length },
  needs: 'page',
  async run({ count, address, report }) {
    const found = await findBrowser()
    const figures: string[] = []
    const failures: EndureFailure[] = []
    for (const [i, measure] of cases.slice(0, count).entries()) {
      const browser = await chromium.launch({ executablePath: found.path, args: found.args, env: browserEnv(found.env) })
      try {
        const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
        await page.goto(address)
        const { figures: measured, problems } = await measure(browser, page)
        figures.push(...measured)
        failures.push(...problems.map((problem) => ({ case: i, problem })))
      } catch (error) {
        failures.push({ case: i, problem: String(error) })
      } finally {
        await browser.close()
      }
      report(i + 1)
    }
    return { figures, failures }
  },
}
