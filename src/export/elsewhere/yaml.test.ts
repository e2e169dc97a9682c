// Texts in YAML: JSON escapes whatever YAML cannot hold as it is.
import { expect, it } from 'vitest'
import { yaml } from './yaml'

it.each([
  ['quotes " and \n', String.raw`"quotes \" and \n"`],
  ['a\u007fb\u0085c\u2028d\u2029e\ufefff', String.raw`"a\u007fb\u0085c\u2028d\u2029e\ufefff"`],
  ['模型 😀 é', '"模型 😀 é"'],
])('%j is one line that PyYAML reads back', (text, written) => {
  expect(yaml([{ about: 'x', keys: { key: text, list: [text] } }])).toBe(`# x\nkey: ${written}\nlist:\n  - ${written}\n`)
  expect(JSON.parse(written)).toBe(text)
})
