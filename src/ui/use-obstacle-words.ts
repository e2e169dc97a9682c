// What keeps a run from starting, in the words of the page: for the button that starts it, and for the guide.
import { chosenMethod } from '../store/setup-state'
import { useReadiness, useSetup } from './studio-context'
import { useSentence, useText } from './text/text'

interface ObstacleWords {
  /** A few words, for a button. */
  heading: string
  /** The reason as a sentence, where there is more to say. */
  why?: string
}

/** Absent if a run can start. */
export function useObstacleWords(): ObstacleWords | undefined {
  const text = useText()
  const inWords = useSentence()
  const setup = useSetup()
  const { obstacle } = useReadiness()
  if (!obstacle) return undefined
  const { missing, words, settings } = obstacle
  const fields = [...(chosenMethod(setup)?.fields ?? []), ...setup.trainingFields]
  const field = fields.find(({ key }) => key === settings[0])
  const label = field && inWords(field.label)
  const heading = label && (missing === 'fields' || missing === 'settings') ? text.start.correct(label) : text.start.missing[missing]
  if (words === undefined) return { heading }
  return { heading, why: missing === 'fields' ? text.start.setting(label ?? '', inWords(words)) : inWords(words) }
}
