// Why there is no GPU, and the one thing to do about it.
import { Icon } from './icons'
import { useDevice } from './studio-context'
import { useSentence, useText } from './text/text'

/** This page on this computer, where it was opened by an address that browsers do not trust. */
function localAddress(): string {
  const url = new URL(location.href)
  url.hostname = 'localhost'
  return url.href
}

export function Gate({ onCheck }: { onCheck: () => void }) {
  const text = useText()
  const inWords = useSentence()
  const { problem, error } = useDevice()
  if (!problem) return null
  const words = text.gate[problem]
  return (
    <section className="card gate" role="alert" data-testid="gpu-gate" data-problem={problem}>
      <Icon name="chip" />
      <div className="stack-small">
        <h2>{words.title}</h2>
        {error ? <p data-testid="error-message">{inWords(error)}</p> : <p>{words.body}</p>}
        {problem === 'insecure' ? (
          <a className="button-primary" href={localAddress()}>
            {words.action}
          </a>
        ) : (
          <button type="button" className="button-primary" onClick={onCheck}>
            {words.action}
          </button>
        )}
      </div>
    </section>
  )
}
