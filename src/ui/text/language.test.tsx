// A language of the page is one object: words of the engine follow its dictionary, and no engine file knows it.
import type { ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { type Dictionary, asWritten, say } from '../../config/phrase'
import { drawn } from '../../testing/drawn'
import { readyStudio, until } from '../../testing/fake-studio'
import type { Studio } from '../../store/studio'
import { Charts } from '../Charts'
import { ErrorMessage } from '../ErrorMessage'
import { FieldForm } from '../FieldForm'
import { MethodCard } from '../MethodCard'
import { RunBar } from '../RunBar'
import { en } from './en'

const sentences: Dictionary = {
  '{0}: expected {1} files, got {2}.': '{2} statt {1} Dateien in {0}.',
  'a whole number from {0} to {1}': 'eine ganze Zahl von {0} bis {1}',
  Rank: 'Rang',
  'How wide the update is.': 'Wie breit die Änderung ist.',
  'Training loss': 'Trainingsverlust',
}

const html = (children: ReactNode, studio?: Studio, dictionary = sentences): string =>
  drawn(children, studio, { ...en, sentences: dictionary })

describe('in another language', () => {
  it('an error has its values in the order of that language; what a library wrote stays', () => {
    expect(html(<ErrorMessage message={say`${'a.gguf'}: expected ${3} files, got ${1}.`} />)).toContain('1 statt 3 Dateien in a.gguf.')
    expect(html(<ErrorMessage message={asWritten('Rank')} />)).toContain('<p>Rank</p>')
  })

  it('a field has its label, its help and what it expects', () => {
    const field = {
      key: 'r',
      type: 'number',
      label: 'Rank',
      help: 'How wide the update is.',
      default: 8,
      min: 1,
      max: 64,
      integer: true,
    } as const
    const form = (value: number) => html(<FieldForm fields={[field]} values={{ r: value }} advanced={false} onChange={() => undefined} />)
    expect(form(8)).toMatch(/>Rang<.*>Wie breit die Änderung ist\.</)
    expect(form(99)).toContain('eine ganze Zahl von 1 bis 64')
  })

  it('a method has its label and summary, and a chart its title', async () => {
    const studio = await readyStudio()
    const method = studio.setup.store.getState().methods[0]
    const dictionary = { ...sentences, [method.label]: 'Das Verfahren', [method.summary]: 'Was es tut.' }
    expect(html(<MethodCard />, studio, dictionary)).toMatch(/>Das Verfahren<\/option>.*Was es tut\./)
    expect(html(<Charts />, studio)).toContain('<h3>Trainingsverlust</h3>')
  })

  it('the sentence beside the start button names the field and what it expects', async () => {
    const studio = await readyStudio()
    studio.setup.setMethodValue('r', 2.5)
    await until(() => studio.readiness.getState().obstacle !== undefined)
    expect(html(<RunBar onStarted={() => undefined} />, studio)).toContain('eine ganze Zahl von 1')
  })
})
