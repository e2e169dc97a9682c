// A number as text, so that 1e-4 and half-typed values survive, written as in the reader's language. What is not a number, or
// could be two, gives NaN; a note below says how the text was understood if that is not obvious.
import { type InputHTMLAttributes, useId, useState } from 'react'
import { exampleNumbers, plainNumber, readNumber, readerLocale, writeNumber } from '../config/number-text'
import { useText } from './text/text'

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'type' | 'min' | 'max' | 'step'> {
  value: number
  min: number
  max: number
  step: number | 'any'
  /** Whole numbers are wanted. */
  whole?: boolean
  /** Values out of bounds, or with a fraction where whole numbers are wanted, give NaN too, and the input says so. */
  strict?: boolean
  onValue: (value: number) => void
}

/** The language that the reader's browser speaks: it says what `1,000` means. */
const locale = readerLocale(globalThis.navigator?.languages ?? [])

const plain = (number: number): string => writeNumber(number, locale)

function parse(text: string, { min, max, whole, strict }: Pick<Props, 'min' | 'max' | 'whole' | 'strict'>): number {
  const reading = readNumber(text, locale)
  if (!('value' in reading)) return NaN
  const { value } = reading
  const fits = value >= min && value <= max && (!whole || Number.isInteger(value))
  return strict && !fits ? NaN : value
}

function stepped(value: number, direction: 1 | -1, step: number | 'any'): number {
  if (!Number.isFinite(value)) return value
  // Without a step of its own a value goes up and down by a tenth of its size, rounded to two digits.
  const by = step === 'any' ? 10 ** Math.floor(Math.log10(Math.abs(value) || 1)) : step
  return Number((value + direction * by).toPrecision(6))
}

interface Note {
  words: string
  problem: boolean
}

/** What a person should know about the text in the input. */
function useNote(text: string, { value, min, max, whole = false, strict }: Props): Note | undefined {
  const t = useText().number
  if (text.trim() === '') return Number.isFinite(value) ? undefined : { words: t.missing(whole), problem: true }
  const reading = readNumber(text, locale)
  if ('value' in reading) {
    if (strict && Number.isNaN(value)) return { words: t.bounds(whole, plain(min), plain(max)), problem: true }
    const same = plainNumber(text) === reading.value || text.trim() === plain(reading.value)
    return same ? undefined : { words: t.readAs(text.trim(), plain(reading.value)), problem: false }
  }
  const [first, second] = reading.couldBe
  if (first === undefined || second === undefined) {
    const [example, other = ''] = exampleNumbers({ min, max, whole }).map(plain)
    return { words: whole ? t.noWhole(text.trim(), example) : t.none(text.trim(), example, other), problem: true }
  }
  return { words: t.either(text.trim(), plain(first), plain(second)), problem: true }
}

export function NumberInput(props: Props) {
  const { value, min, max, step, whole: _whole, strict: _strict, onValue, ...rest } = props
  const [draft, setDraft] = useState<string>()
  const noteId = useId()
  const shown = draft ?? writeNumber(value, locale)
  const note = useNote(shown, props)
  const set = (next: number): void => {
    setDraft(undefined)
    onValue(Math.min(max, Math.max(min, next)))
  }
  return (
    <>
      <input
        {...rest}
        aria-invalid={rest['aria-invalid'] ?? (note?.problem || undefined)}
        aria-describedby={[rest['aria-describedby'], note && noteId].filter(Boolean).join(' ') || undefined}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={shown}
        onChange={(e) => {
          setDraft(e.target.value)
          onValue(parse(e.target.value, props))
        }}
        onBlur={() => Number.isFinite(value) && setDraft(undefined)}
        onKeyDown={(e) => {
          if (e.key !== 'ArrowUp' && e.key !== 'ArrowDown') return
          e.preventDefault()
          set(stepped(value, e.key === 'ArrowUp' ? 1 : -1, step))
        }}
      />
      {note && (
        <p id={noteId} className={note.problem ? 'help help-problem' : 'help'}>
          {note.words}
        </p>
      )}
    </>
  )
}
