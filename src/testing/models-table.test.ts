import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { modelsTable } from './models-table'

const path = join(import.meta.dirname, '../../docs/models.md')
const table = /\| Family \|[\s\S]*?\n(?=\n)/

it('docs/models.md has the table that the tests make; TABTUNE_WRITE_DOCS=1 writes it', () => {
  const text = readFileSync(path, 'utf8')
  const now = text.replace(table, () => `${modelsTable()}\n`)
  if (process.env.TABTUNE_WRITE_DOCS) writeFileSync(path, now)
  else expect(text).toBe(now)
})
