// What is open is compared with what a run was trained with, by fingerprints; a run that keeps none is refused by name.
import { expect, it } from 'vitest'
import { sentence } from '../config/phrase'
import { fileFingerprint } from '../storage/kept-copy'
import { otherBase, otherFiles } from './export-checks'

const words = (phrase: Parameters<typeof sentence>[0] | undefined) => phrase && sentence(phrase)

it('takes the very base of the run only: a copy in another precision trains with other values', () => {
  const [was, is] = ['a'.repeat(64), 'b'.repeat(64)]
  const model = { name: 'small.gguf', family: 'llama', base: 'native' as const, fingerprint: was, lineage: 'l' }
  expect(otherBase({ model }, { name: 'renamed', fingerprint: was, lineage: 'l' })).toBeUndefined()
  expect(words(otherBase({ model }, { name: 'small', fingerprint: is, lineage: 'l' }))).toBe(
    `export: expected the model small.gguf (fingerprint ${was.slice(0, 16)}) that the run was trained on, got small (fingerprint ${is.slice(0, 16)}). Open small.gguf.`,
  )
  expect(words(otherBase({ model: { ...model, fingerprint: undefined } }, { name: 'small', fingerprint: is }))).toMatch(
    /^export: expected a run that keeps the fingerprint of its model small\.gguf, got one without\./,
  )
})

it('compares the bytes of the rows and of the held-out rows, and does not believe a name', async () => {
  const picked = (path: string, text: string) => ({ path, file: new File([text], path) })
  const [file, evalFile, other] = [picked('rows.jsonl', 'a'), picked('held.jsonl', 'b'), picked('rows.jsonl', 'c')]
  const [ofFile, ofEval, ofOther] = await Promise.all([file, evalFile, other].map((f) => fileFingerprint(f.path, f.file)))
  const evaluation = { name: 'held.jsonl', fingerprint: ofEval }
  const data = { name: 'rows.jsonl', rows: 1, fingerprint: ofFile, evaluation }
  expect(await otherFiles(data, { file, evalFile })).toBeUndefined()
  expect(words(await otherFiles(data, { file: other, evalFile }))).toBe(
    `export: expected the file rows.jsonl that the run was trained on (fingerprint ${ofFile.slice(0, 16)}), got another one of that name (fingerprint ${ofOther.slice(0, 16)}). Open the same file.`,
  )
  expect(words(await otherFiles(data, { file, evalFile: other }))).toContain('expected the file held.jsonl')
  const unknown = { ...data, evaluation: { name: 'held.jsonl' } }
  expect(words(await otherFiles(unknown, { file, evalFile }))).toContain('keeps the fingerprint of held.jsonl, got one without')
})
