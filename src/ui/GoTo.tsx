// Buttons that go to the obstacle: a setting, or the card where something must be chosen.
import { simpleKeys } from '../config/efforts'
import type { Field } from '../config/field'
import type { Obstacle } from '../store/missing'
import { chosenMethod } from '../store/setup-state'
import { useSetup, useSimpleForm, useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

const places: Record<NonNullable<Obstacle['card']>, string[]> = {
  model: ['[data-testid="model-drop"] button'],
  data: ['[data-testid="train-on-rest"]', '[data-testid="mapping"][open] select', '[data-testid="data-card"] button'],
  method: ['#method'],
}

/** Scrolls to the first of these that is on the page and focuses it; waits for a view or section that is just opening. */
function goTo(selectors: readonly string[], frames = 30): void {
  const found = selectors.map((selector) => document.querySelector<HTMLElement>(selector)).find((element) => element !== null)
  if (found) {
    found.scrollIntoView({ block: 'center' })
    found.focus({ preventScroll: true })
  } else if (frames > 0) requestAnimationFrame(() => goTo(selectors, frames - 1))
}

/** Opens the set-up, where another view is open. */
function openSetup(): void {
  if (!/^#setup($|\?)/.test(location.hash)) location.hash = 'setup'
}

export function GoTo({ settings, card }: { settings: readonly string[]; card?: Obstacle['card'] }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const setup = useSetup()
  const fields = [...(chosenMethod(setup)?.fields ?? []), ...setup.trainingFields]
  const known = fields.filter((field) => settings.includes(field.key))
  const simpleForm = useSimpleForm()
  const go = (selectors: string[]): void => {
    openSetup()
    requestAnimationFrame(() => goTo(selectors))
  }
  const goToField = ({ key, advanced }: Field): void => {
    const isSimple = simpleKeys.includes(key) || chosenMethod(setup)?.fields[0]?.key === key
    // Otherwise the field would disappear as soon as its value is valid, while the person is typing.
    if (advanced) studio.setup.setAdvanced(true)
    if (simpleForm && !isSimple) studio.preferences.set({ simpleForm: false })
    go([`.setup [name="${key}"]`])
  }
  if (known.length === 0 && !card) return null
  return (
    <span className="go-to">
      {known.map((field) => (
        <button key={field.key} type="button" className="button-quiet" data-testid={`go-to-${field.key}`} onClick={() => goToField(field)}>
          {text.start.goTo(inWords(field.label))}
        </button>
      ))}
      {known.length === 0 && card && (
        <button type="button" className="button-quiet" data-testid={`go-to-${card}`} onClick={() => go(places[card])}>
          {text.start.goTo(text[card].title)}
        </button>
      )}
    </span>
  )
}
