// A number as text, so that 1e-4 and half-typed values survive; what is not a number comes out as NaN.
import { type InputHTMLAttributes, useState } from 'react'

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'type' | 'min' | 'max' | 'step'> {
  value: number
  min: number
  max: number
  step: number | 'any'
  onValue: (value: number) => void
}

function parse(text: string): number {
  return text.trim() === '' ? NaN : Number(text.replace(',', '.'))
}

function stepped(value: number, direction: 1 | -1, step: number | 'any'): number {
  if (!Number.isFinite(value)) return value
  // Without a step of its own a value goes up and down by a tenth of its size, rounded to two digits.
  const by = step === 'any' ? 10 ** Math.floor(Math.log10(Math.abs(value) || 1)) : step
  return Number((value + direction * by).toPrecision(6))
}

export function NumberInput({ value, min, max, step, onValue, ...rest }: Props) {
  const [draft, setDraft] = useState<string>()
  const set = (next: number): void => {
    setDraft(undefined)
    onValue(Math.min(max, Math.max(min, next)))
  }
  return (
    <input
      {...rest}
      type="text"
      inputMode="decimal"
      autoComplete="off"
      value={draft ?? (Number.isFinite(value) ? String(value) : '')}
      onChange={(e) => {
        setDraft(e.target.value)
        onValue(parse(e.target.value))
      }}
      onBlur={() => Number.isFinite(value) && setDraft(undefined)}
      onKeyDown={(e) => {
        if (e.key !== 'ArrowUp' && e.key !== 'ArrowDown') return
        e.preventDefault()
        set(stepped(value, e.key === 'ArrowUp' ? 1 : -1, step))
      }}
    />
  )
}
