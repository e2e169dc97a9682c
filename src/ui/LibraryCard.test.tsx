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
