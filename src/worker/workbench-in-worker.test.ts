// A worker that was ended is replaced by one that has the same rows, whatever is asked of it first.
import { expose } from 'comlink'
import { describe, expect, it } from 'vitest'
import { releasing } from './releasing'
import type { WorkFile, WorkbenchApi } from './workbench-api'
import { WorkbenchHost } from './workbench-host'
import { workbenchIn } from './workbench-in-worker'

/** A worker in this thread. While it is `stuck`, it hears nothing. */
function fakeWorker() {
  const [page, inside] = [new EventTarget(), new EventTarget()]
  let stuck = false
  const sendTo = (target: EventTarget) => (data: unknown) => void (stuck || target.dispatchEvent(new MessageEvent('message', { data })))
  const listening = (target: EventTarget) => ({
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  })
  const host: WorkbenchApi = new WorkbenchHost()
  expose(releasing(host), { postMessage: sendTo(page), ...listening(inside) })
  const worker = { postMessage: sendTo(inside), terminate: () => undefined, ...listening(page) }
  return { worker: worker, stick: () => void (stuck = true) }
}

const rows = ['{"prompt":"a","completion":"x"}', '{"prompt":"b","completion":""}', '{"prompt":"c","completion":"y"}']
const file = (id: string, text: string): WorkFile => ({ id, file: new File([text], `${id}.jsonl`), part: 'train' })
const [good, bad] = [file('good', rows.join('\n')), file('bad', '{')]
const nothing = (): void => undefined

/** A workbench with two of the three rows, whose worker has just been ended. */
async function ended(): Promise<WorkbenchApi> {
  const made: ReturnType<typeof fakeWorker>[] = []
  const bench = workbenchIn(() => {
    made.push(fakeWorker())
    return made[made.length - 1].worker
  }, 1)
  await bench.open([good], nothing)
  await bench.apply([{ step: 'drop-empty', settings: {} }], nothing)
  made[0].stick()
  await bench.cancel()
  return bench
}

const look = async (bench: WorkbenchApi): Promise<number | undefined> => {
  const page = await bench.look({ text: '' }, 0, 10)
  return page.ok ? page.value.total : undefined
}

describe('after its worker was ended, the workbench', () => {
  it('answers questions that are asked at the same time', async () => {
    const bench = await ended()
    expect(await Promise.all([look(bench), look(bench)])).toEqual([2, 2])
  })
  it('has its rows although a file that cannot be read came first', async () => {
    const bench = await ended()
    expect((await bench.open([good, bad], nothing)).ok).toBe(false)
    expect(await look(bench)).toBe(2)
  })
  it('has its rows although reading them again was cancelled', async () => {
    const bench = await ended()
    const first = bench.look({ text: '' }, 0, 10)
    await bench.cancel()
    expect((await first).ok).toBe(false)
    expect(await look(bench)).toBe(2)
  })
})
