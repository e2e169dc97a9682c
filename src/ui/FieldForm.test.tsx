import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { type Field, type Settings, fieldProblem } from '../config/field'
import { exampleNumbers } from '../config/number-text'
import { trainingFields } from '../config/run-config'
import { FieldForm } from './FieldForm'

const fields: Field[] = [
  { key: 'r', type: 'number', label: 'Rank r', help: 'Width of the update.', default: 8, min: 1, max: 512, integer: true, unit: 'rows' },
  {
    key: 'init',
    type: 'choice',
    label: 'Start from',
    help: 'Where it begins.',
    default: 'random',
    options: [
      { value: 'random', label: 'Random vectors' },
      { value: 'text', label: 'A text' },
    ],
  },
  { key: 'bias', type: 'boolean', label: 'Bias', help: 'Trains it too.', default: true, advanced: true },
]

function html(values: Settings, advanced = false): string {
  return renderToStaticMarkup(<FieldForm fields={fields} values={values} advanced={advanced} onChange={() => undefined} />)
}

describe('FieldForm', () => {
  it('makes a labelled and explained control of each simple field', () => {
    const out = html({ r: 16, init: 'text' })
    expect(out).toMatch(/<label for="([^"]+)">Rank r<span class="unit"> \(rows\)<\/span><\/label><input[^>]*id="\1"[^>]*value="16"/)
    expect(out).toContain('<option value="text" selected="">A text</option>')
    expect(out).toContain('Width of the update.')
    expect(out).not.toContain('Bias')
  })
  it('shows advanced fields when asked for', () => {
    expect(html({}, true)).toMatch(/type="checkbox"[^>]*checked=""/)
  })
  it('says what a value out of bounds should be', () => {
    const out = html({ r: 0 })
    expect(out).toContain('aria-invalid="true"')
    expect(out).toContain('Please enter a whole number from 1 to 512.')
    expect(html({ r: NaN }).match(/Please enter a whole number\./g)).toHaveLength(1)
  })
  it('says a whole number where one is wanted, with an example that the setting takes', () => {
    const all: readonly Field[] = [...trainingFields, ...fields]
    for (const field of all.filter((each) => each.type === 'number'))
      for (const example of exampleNumbers({ ...field, whole: field.integer }))
        expect(fieldProblem(field, example), field.key).toBeUndefined()
    expect(html({ r: NaN })).toContain('Please enter a whole number.')
    expect(html({ r: 1.5 })).toContain('Please enter a whole number from 1 to 512.')
  })
  it('names every training setting by the key that saved runs and the command line use', () => {
    const out = renderToStaticMarkup(<FieldForm fields={trainingFields} values={{}} advanced onChange={() => undefined} />)
    for (const field of trainingFields) expect(out).toContain(`name="${field.key}"`)
  })
})
