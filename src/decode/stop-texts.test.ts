import { expect, it } from 'vitest'
import { stoppingAt } from './stop-texts'

function told(stops: string[], whole: string) {
  const shown: string[] = []
  const stopping = stoppingAt(stops, (text) => shown.push(text))
  let at = 0
  while (at < whole.length && stopping.onText(whole.slice(0, ++at)));
  return { shown, cut: stopping.cut() }
}

it('an answer ends before the first stop text, and no beginning of one is shown', () => {
  expect(told(['User:', '\n\n'], 'ok\nUse it.\n\nmore')).toEqual({
    shown: ['o', 'ok', 'ok', 'ok\n', 'ok\n', 'ok\n', 'ok\nUse ', 'ok\nUse i', 'ok\nUse it', 'ok\nUse it.', 'ok\nUse it.'],
    cut: 'ok\nUse it.',
  })
})

it('without stop texts everything is shown', () => {
  expect(told([], 'abc')).toEqual({ shown: ['a', 'ab', 'abc'], cut: undefined })
})
