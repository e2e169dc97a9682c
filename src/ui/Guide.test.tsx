// The guide and the start button say the same about a run that cannot start, and the guide is a line where its steps are not taken.
import { describe, expect, it } from 'vitest'
import { asWritten } from '../config/phrase'
import { memoryKeeping } from '../store/keeping'
import { drawn } from '../testing/drawn'
import { tooShortModel } from '../testing/fake-advice'
import { createFakeEngine } from '../testing/fake-engine'
import { makeStudio, missingOf, readyStudio, until } from '../testing/fake-studio'
import { Guide } from './Guide'
import { MethodCard } from './MethodCard'
import { RunBar } from './RunBar'
import { RunNotice } from './RunNotice'
import type { View } from './view'

const guide = (view: View) => <Guide view={view} go={() => undefined} />
const bar = <RunBar onStarted={() => undefined} />

describe('the start', () => {
  it('counts pictures where rows are pictures', async () => {
    const studio = await readyStudio()
    // A run that can start asks about notifications, which there are none of here.
    studio.setup.setTrainingValue('seed', NaN)
    studio.setup.store.setState(({ memory }) => ({ memory: memory && { ...memory, evalRows: { used: 5, all: 6 } } }))
    expect(drawn(bar, studio)).toContain('evaluates on 5 of 6 held-out rows')
    studio.model.store.setState(({ report }) => ({ report: report && { ...report, pictures: { width: 8, height: 8, classes: [] } } }))
    expect(drawn(bar, studio)).toContain('evaluates on 5 of 6 held-out pictures')
  })

  it('leads to the setting that a notice is about', async () => {
    const studio = await readyStudio()
    const { memory } = studio.setup.store.getState()
    const told = { ...memory!, notice: asWritten('The warm-up is long.'), noticeSettings: ['warmup'] }
    expect(drawn(<RunNotice memory={told} />, studio)).toMatch(/The warm-up is long\..*data-testid="go-to-warmup"/)
    expect(drawn(<RunNotice memory={memory!} />, studio)).toBe('')
  })
})

describe('the guide', () => {
  it('says which setting keeps the run from starting, and why', async () => {
    const { engine } = tooShortModel(createFakeEngine({ beatMs: 0 }))
    const studio = await readyStudio(memoryKeeping(), engine)
    studio.guide.begin()
    expect(drawn(guide('setup'), studio)).toContain('Press the button')
    studio.setup.setTrainingValue('maxLength', 2048)
    await until(() => missingOf(studio) === 'settings')
    expect(drawn(bar, studio)).toContain('this model takes at most 512')
    // The field says it too, and is marked.
    expect(drawn(<MethodCard />, studio)).toMatch(
      /aria-invalid="true"[^>]*name="maxLength"[^]*?help-problem">[^<]*this model takes at most 512/,
    )
    for (const html of [drawn(guide('setup'), studio), drawn(bar, studio)]) {
      expect(html).toContain('Correct Maximum length')
      expect(html).not.toContain('does not fit in memory')
      expect(html).not.toContain('Press the button')
    }
    studio.setup.setTrainingValue('maxLength', 64)
    studio.setup.setTrainingValue('seed', NaN)
    expect(drawn(<MethodCard />, studio)).not.toContain('this model takes at most 512')
    expect(drawn(bar, studio)).toContain('Seed: expected a whole number from 0 to')
    for (const html of [drawn(guide('setup'), studio), drawn(bar, studio)]) expect(html).toContain('Correct Seed')
  })

  it('says that memory does not suffice as a sentence of its own', async () => {
    const studio = await readyStudio()
    studio.guide.begin()
    const { memory } = studio.setup.store.getState()
    const tooLarge = { ...memory!, problem: asWritten('It is too large.'), problemSettings: ['memoryBudget'] }
    studio.setup.store.setState({ memory: tooLarge, estimating: false })
    expect(missingOf(studio)).toBe('memory')
    expect(drawn(guide('setup'), studio)).toContain('Training cannot start yet. This run does not fit in memory.')
  })

  it('says what must be decided where no setting is wrong', async () => {
    const studio = await readyStudio()
    await studio.openData({ path: 'bad.jsonl', file: new File(['{"prompt":"a","completion":"b"}\nnot json'], 'bad.jsonl') })
    studio.guide.begin()
    expect(missingOf(studio)).toBe('badLines')
    expect(drawn(guide('setup'), studio)).toContain('Before training can start: Decide what to do with unusable lines.')
  })

  it('is a line that leads back where its steps are not taken', async () => {
    const studio = makeStudio()
    studio.guide.begin()
    expect(drawn(guide('setup'), studio)).toContain('guide-files')
    const elsewhere = drawn(guide('library'), studio)
    expect(elsewhere).toContain('guide-go-on')
    expect(elsewhere).not.toContain('guide-files')
    const done = await readyStudio()
    done.guide.begin()
    done.start()
    await until(() => done.guide.state.getState().step === 'done')
    expect(drawn(guide('train'), done)).toContain('guide-download')
    expect(drawn(guide('play'), done)).not.toContain('guide-download')
  })
})
