// The title of the document, which a tab in the background shows.
import { type Run, isHeld } from '../store/run'
import type { Text } from './text/en'

/** `42% · LoRA 1 — TabTune` while a run is in progress. */
export function pageTitle(run: Pick<Run, 'name' | 'status' | 'last'> | undefined, text: Text): string {
  if (!run) return text.name
  const { step = 0, steps = 0 } = run.last ?? {}
  const share = new Intl.NumberFormat(text.locale, { style: 'percent' }).format(steps > 0 ? Math.floor((100 * step) / steps) / 100 : 0)
  const state = isHeld(run) || step === 0 ? text.status[run.status] : share
  return text.train.title(state, run.name, text.name)
}
