// A generated answer, token by token: what differs from the expected one is marked, and each token shows how likely it was.
import { type KeyboardEvent, type MouseEvent, memo, useMemo, useState } from 'react'
import type { TokenPieces } from '../config/answered-rows'
import { shownText } from './difference'
import { formatShare } from './format'
import { useText } from './text/text'
import { type TokenDifference, type TokenText, chanceInOther, tokenTexts } from './token-difference'
import { type DifferencePart, wordDifference } from './word-difference'

interface Props {
  label: string
  text: string
  pieces?: TokenPieces
  /** Absent = nothing to compare with. */
  expected?: string
  /** Tokens that are marked, and what another model held of them. */
  against?: Against
}

interface Against {
  difference: TokenDifference
  /** Whose answer the other one is. */
  title: string
  other: TokenText
}

interface Run {
  kind: DifferencePart['kind']
  text: string
  /** Place of the token; absent for what the answer lacks. */
  token?: number
}

/** The parts, cut where tokens end. `from` is the place of their first character in the text of the tokens. */
function cutAtTokens(parts: readonly DifferencePart[], { lengths }: TokenPieces, from: number): Run[] {
  const runs: Run[] = []
  let [token, end, at] = [0, lengths[0] ?? 0, from]
  for (const part of parts) {
    if (part.kind === 'missing') {
      runs.push(part)
      continue
    }
    for (let taken = 0; taken < part.text.length;) {
      while (end <= at && token < lengths.length - 1) end += lengths[++token]
      const length = Math.max(1, Math.min(part.text.length - taken, end - at))
      runs.push({ kind: part.kind, text: part.text.slice(taken, taken + length), token })
      taken += length
      at += length
    }
  }
  return runs
}

/** The difference, without what the answer lacks if that is more than half of what was expected: it would look like the answer. */
function readable(expected: string, answer: string): DifferencePart[] {
  const parts = wordDifference(expected, answer)
  const lacking = parts.reduce((sum, { kind, text }) => sum + (kind === 'missing' ? text.length : 0), 0)
  return lacking * 2 > expected.length ? parts.filter(({ kind }) => kind !== 'missing') : parts
}

function Piece({ run, active, difference }: { run: Run; active: boolean; difference?: TokenDifference }) {
  const shown = shownText(run.text)
  if (run.kind === 'missing') return <ins>{shown}</ins>
  const Mark = run.kind === 'extra' ? 'del' : 'span'
  const { token = -1 } = run
  const classes = [active && 'token-active', difference?.only.has(token) && 'token-only', difference?.first === token && 'token-first']
  return (
    <Mark data-token={run.token} className={classes.filter(Boolean).join(' ') || undefined}>
      {shown}
    </Mark>
  )
}

/** How likely the token at place `at` was, what else was likely there, and what another model held of it. */
function TokenChances({ text, pieces, at, against }: TokenText & { at: number; against?: Against }) {
  const words = useText()
  const share = (probability: number): string => formatShare(probability, 1, words)
  const named = (token: string): string => `“${shownText(token).replaceAll('\n', '↵')}”`
  const token = tokenTexts({ text, pieces })[at]
  const others = pieces.alternatives?.[at]?.filter((other) => other.text !== token) ?? []
  const inOther = against && chanceInOther({ text, pieces }, against.other, against.difference, at)
  return (
    <>
      {words.answers.token(named(token), share(pieces.probabilities[at]))}
      {inOther !== undefined && ` · ${words.labelled(against!.title, share(inOther))}`}
      {others.length > 0 && (
        <ul className="token-chances" aria-label={words.answers.alternatives}>
          {others.map((other) => (
            <li key={other.text}>{words.answers.token(named(other.text), share(other.probability))}</li>
          ))}
        </ul>
      )}
    </>
  )
}

export const AnswerText = memo(function AnswerText({ label, text, pieces, expected, against }: Props) {
  const words = useText()
  const [active, setActive] = useState<number>()
  const runs = useMemo(() => {
    const answer = text.trim()
    const parts: DifferencePart[] = expected === undefined ? [{ kind: 'same', text: answer }] : readable(expected, answer)
    return pieces ? cutAtTokens(parts, pieces, text.length - text.trimStart().length) : parts.map((part): Run => ({ ...part }))
  }, [text, pieces, expected])
  const tokens = runs.flatMap(({ token }) => token ?? [])
  const onOver = (event: MouseEvent): void => {
    const token = (event.target as HTMLElement).dataset.token
    setActive(token === undefined ? undefined : Number(token))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined || !tokens.length) return
    event.preventDefault()
    const next = active === undefined ? tokens[0] : active + step
    setActive(Math.min(tokens[tokens.length - 1], Math.max(tokens[0], next)))
  }
  return (
    <>
      <div
        className="answer-tokens"
        role="group"
        aria-label={label}
        tabIndex={0}
        dir="auto"
        onMouseOver={pieces && onOver}
        onMouseLeave={() => setActive(undefined)}
        onKeyDown={pieces && onKeyDown}
        onBlur={() => setActive(undefined)}
      >
        {text.trim() === '' && <span className="muted">{words.answers.empty} </span>}
        {runs.map((run, i) => (
          <Piece key={i} run={run} active={run.token !== undefined && run.token === active} difference={against?.difference} />
        ))}
      </div>
      {pieces && (
        <div className="answer-token help" role="status">
          {active !== undefined && <TokenChances text={text} pieces={pieces} at={active} against={against} />}
        </div>
      )}
    </>
  )
})
