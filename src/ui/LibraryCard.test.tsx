import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { readyStudio } from '../testing/fake-studio'
import { LibraryCard } from './LibraryCard'
import { StudioContext } from './studio-context'

it('a card says how long training took, without evaluations and pauses, and calls it so', async () => {
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
