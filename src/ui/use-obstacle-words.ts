// What keeps a run from starting, in the words of the page: for the button that starts it, and for the guide.
import { chosenMethod } from '../store/setup-state'
import { useReadiness, useSetup } from './studio-context'
import { useSentence, useText } from './text/text'

interface ObstacleWords {
  /** A few words, for a button. */
  heading: string
  /** Whether they ask for something, instead of saying what is wrong. */
  asks: boolean
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
  const { missing, words, settings, card } = obstacle
  const fields = [...(chosenMethod(setup)?.fields ?? []), ...setup.trainingFields]
  const field = fields.find(({ key }) => key === settings[0])
  const label = field && inWords(field.label)
  const corrected = label && (missing === 'fields' || missing === 'settings') ? text.start.correct(label) : undefined
  const heading = corrected ?? text.start.missing[missing]
  const asks = corrected !== undefined || card !== undefined
  if (words === undefined) return { heading, asks }
  return { heading, asks, why: missing === 'fields' ? text.start.setting(label ?? '', inWords(words)) : inWords(words) }
}
