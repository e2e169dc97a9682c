// The number at the end of a solution, as GSM8K marks it (Cobbe et al. 2021): `#### 72`.
import { mean, mostly, score } from './score'

const marked = /####\s*(.*)/g
const number = /(?:[-−+]\s*)?(?:[$€£¥]\s*)?(?:\d[\d,_\u202f\u00a0 ]*(?:\.\d+)?|\.\d+)(?:\s*%)?/g

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
    return wanted !== undefined && finalNumber(answer) === wanted ? 1 : 0
  },
  grade: (right) => right,
  figuresOf: (rights) => ({ finalNumber: mean(rights) }),
})
