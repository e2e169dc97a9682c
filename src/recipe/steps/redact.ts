import { say } from '../../config/phrase'
import { ownPattern } from '../own-pattern'
import { kinds } from '../personal-data'
import { editRows, rowStep } from '../step'
import { withTexts } from '../texts'

const ownKind = 'REDACTED'

export const redact = rowStep({
  name: 'redact',
  label: 'Redact',
  help: 'Puts a placeholder in the place of addresses and numbers of people.',
  fields: [
    { key: 'email', type: 'boolean', label: 'E-mail addresses', help: 'Become [EMAIL].', default: true },
    { key: 'phone', type: 'boolean', label: 'Phone numbers', help: 'Become [PHONE].', default: true },
    { key: 'iban', type: 'boolean', label: 'Account numbers', help: 'IBANs with the right check digits become [IBAN].', default: true },
    { key: 'card', type: 'boolean', label: 'Card numbers', help: 'Numbers with the right check digit become [CARD].', default: true },
    { key: 'ip', type: 'boolean', label: 'IP addresses', help: 'Of both versions; they become [IP].', default: true },
    {
      key: 'pattern',
      type: 'text',
      label: 'Own pattern',
      help: 'What this regular expression matches becomes [REDACTED].',
      default: '',
      maxLength: 1000,
    },
    {
      key: 'placeholder',
      type: 'text',
      label: 'Placeholder',
      help: 'KIND is replaced by EMAIL, PHONE, IBAN, CARD, IP or REDACTED.',
      default: '[KIND]',
      maxLength: 100,
    },
  ],
  idempotent: true,
  async apply(rows, { pattern, placeholder, ...wanted }, work) {
    const counts = new Map<string, number>()
    const put = (kind: string): string => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      return placeholder.replaceAll('KIND', kind)
    }
    const chosen = kinds.filter(({ key }) => wanted[key])
    const own = pattern ? ownPattern('redact', pattern, false) : undefined
    const clean = (text: string): string => {
      let clear = text
      for (const { placeholder: kind, pattern, length } of chosen)
        clear = clear.replace(pattern, (match) => {
          const end = length(match)
          return end ? put(kind) + match.slice(end) : match
        })
      if (!own) return clear
      let [out, done] = ['', 0]
      for (const { 0: match, index } of own.matches(clear)) {
        if (!match) continue
        out += clear.slice(done, index) + put(ownKind)
        done = index + match.length
      }
      return out + clear.slice(done)
    }
    const out = await editRows(rows, work, (row) => withTexts(row, clean))
    for (const { placeholder: kind, counted } of kinds) if (counts.has(kind)) work.tally.note(counted(counts.get(kind) ?? 0))
    const matches = counts.get(ownKind)
    if (matches) work.tally.note(matches === 1 ? say`${matches} match of the pattern` : say`${matches} matches of the pattern`)
    return out
  },
})
