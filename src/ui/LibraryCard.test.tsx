import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'
import { LibraryCard } from './LibraryCard'
import { StudioContext } from './studio-context'

it('a card names the training time, without evaluations and pauses', async () => {
  const studio = await readyStudio()
  const run = await studio.queue.done(studio.start() ?? '')
  const timed = { ...run!, last: { ...run!.last!, elapsedMs: 65_000 } }
  const card = (
    <StudioContext value={studio}>
      <LibraryCard run={timed} go={() => undefined} />
    </StudioContext>
  )
  expect(renderToStaticMarkup(card)).toMatch(/<dt>Training time<\/dt><dd>1 min 5 s<\/dd>/)
})

it('a card shows a later evaluation beside that of the training, and says if it is worse', async () => {
  const studio = await readyStudio()
  const run = await studio.queue.done(studio.start() ?? '')
  const finalEval = { step: 1, evalLoss: 1, evalPerplexity: Math.E }
  const cardWith = (evalLoss: number): string =>
    renderToStaticMarkup(
      <StudioContext value={studio}>
        <LibraryCard
          run={{
            ...run!,
            data: { name: 'old.jsonl', rows: 9 },
            summary: { ...run!.summary!, finalEval },
            evaluated: { evalLoss, evalPerplexity: Math.exp(evalLoss), data: 'newer.jsonl' },
          }}
          go={() => undefined}
        />
      </StudioContext>,
    )
  const worse = cardWith(2)
  expect(worse).toMatch(/<dd>7\.389\d* on newer\.jsonl; at the end of the training 2\.718\d* on old\.jsonl<\/dd>/)
  expect(worse).toContain('The loss on newer.jsonl is 2.0000. It was 1.0000 on old.jsonl at the end of the training.')
  expect(cardWith(0.5)).not.toContain('The loss on newer.jsonl')
})
