// The number at the end of a solution, as GSM8K marks it (Cobbe et al. 2021): `#### 72`.
import { mean, mostly, score } from './score'

const marked = /####\s*(.*)/g
/** Digits may be in groups: `1,250`, `1 250`, `1_250` and, as in India, `12,34,567`. */
const whole = String.raw`(?:\d{1,3}(?:,\d{2,3}){0,12},\d{3}|\d{1,3}(?:[_\u202f\u00a0 ]\d{3}){1,12})(?!\d)|\d+`
const number = new RegExp(String.raw`(?:[-−+]\s*)?(?:[$€£¥]\s*)?(?:(?:${whole})(?:\.\d+)?|\.\d+)`, 'g')

/** The number behind the last `####`, otherwise the last number of the text, in its shortest form; undefined if there is none. */
function finalNumber(text: string): string | undefined {
  const behind = [...text.matchAll(marked)].at(-1)?.[1]
  const found = behind === undefined ? [...text.matchAll(number)].at(-1)?.[0] : [...behind.matchAll(number)][0]?.[0]
  return found === undefined ? undefined : plainNumberText(found)
}

/** `$1,250.50` as `1250.5`, of any number of digits. */
function plainNumberText(found: string): string {
  const negative = /^[-−]/.test(found)
  const [whole, fraction = ''] = found.replaceAll(/[^\d.]/g, '').split('.')
  const [digits, decimals] = [whole.replace(/^0+(?=\d)/, '') || '0', fraction.replace(/(?<!0)0+$/, '')]
  const text = decimals ? `${digits}.${decimals}` : digits
  return negative && text !== '0' ? `-${text}` : text
}

export const finalNumberScore = score({
  name: 'final-number',
  label: 'Final number',
  help: 'The share of answers whose final number (behind ####, otherwise the last one) equals the expected one.',
  figures: [{ key: 'finalNumber', label: 'Final number', form: 'share' }],
  suits: (rows) => mostly(rows, ({ expected }) => /####\s*\S/.test(expected)),
  judge({ answer, expected }) {
    const wanted = finalNumber(expected)
    // An expected answer without a number is compared as a text.
    return (wanted === undefined ? answer.trim() === expected.trim() : finalNumber(answer) === wanted) ? 1 : 0
  },
  grade: (right) => right,
  figuresOf: (rights) => ({ finalNumber: mean(rights) }),
})
