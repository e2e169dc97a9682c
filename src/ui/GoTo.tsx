// Buttons that go to the obstacle: a setting, or the card where something must be chosen.
import type { Obstacle } from '../store/missing'
import { chosenMethod } from '../store/setup-state'
import { useSetup, useStudio } from './studio-context'
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
  const go = (selectors: string[], advanced: boolean): void => {
    // Otherwise an advanced field would disappear as soon as its value is valid, while the person is typing.
    if (advanced) {
      studio.setup.setAdvanced(true)
      studio.preferences.set({ simpleForm: false })
    }
    openSetup()
    requestAnimationFrame(() => goTo(selectors))
  }
  if (known.length === 0 && !card) return null
  return (
    <span className="go-to">
      {known.map(({ key, label, advanced }) => (
        <button
          key={key}
          type="button"
          className="button-quiet"
          data-testid={`go-to-${key}`}
          onClick={() => go([`.setup [name="${key}"]`], advanced === true)}
        >
          {text.start.goTo(inWords(label))}
        </button>
      ))}
      {known.length === 0 && card && (
        <button type="button" className="button-quiet" data-testid={`go-to-${card}`} onClick={() => go(places[card], false)}>
          {text.start.goTo(text[card].title)}
        </button>
      )}
    </span>
  )
}
