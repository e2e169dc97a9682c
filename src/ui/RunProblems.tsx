// Why runs failed: each reason once, with the names of its runs.
import { problemsOf } from '../store/run-problems'
import type { Run } from '../store/run'
import { useSentence, useText } from './text/text'

interface Props {
  runs: readonly Run[]
  /** A run that says elsewhere on the page why it failed. The others that failed for the same reason are named without it. */
  except?: string
  nameOf?: (run: Run) => string
}

export function RunProblems({ runs, except, nameOf = ({ name }) => name }: Props) {
  const text = useText()
  const inWords = useSentence()
  const problems = problemsOf(runs).flatMap(({ error, runs: own }) => {
    const said = own.find(({ id }) => id === except)
    const others = own.filter((run) => run !== said)
    return others.length > 0 ? [{ said, others, words: said ? text.runs.sameError(nameOf(said)) : inWords(error) }] : []
  })
  if (problems.length === 0) return null
  return (
    <ul className="problem-list" data-testid="run-problems">
      {problems.map(({ others, words }) => (
        <li key={others[0].id}>
          <strong>{text.listed(others.map(nameOf))}</strong>: {words}
        </li>
      ))}
    </ul>
  )
}
