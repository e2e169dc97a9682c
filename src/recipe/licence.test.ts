import { expect, it } from 'vitest'
import { licenceIn } from './licence'
import { parseRecipe, recipeText } from './parse'

const card = (front: string) => [{ name: 'README.md', text: `---\n${front}\n---\n\n# Rows\n\nlicense: not this one\n` }]

it.each([
  ['license: mit', 'mit'],
  ['language: en\nlicense: "cc-by-4.0" # as the authors say\ntags: [a]', 'cc-by-4.0'],
  ['license:\n- cc-by-sa-3.0\n- gfdl\nsize: 1', 'cc-by-sa-3.0, gfdl'],
  ['license: [mit, apache-2.0]', 'mit, apache-2.0'],
  ['license: other\nlicense_name: llama3', 'llama3'],
  ['license: unknown', undefined],
  ['language: en', undefined],
])('a card with %j says %s', (front, licence) => {
  expect(licenceIn(card(front))).toBe(licence)
})

it.each([
  ['MIT License\n\nCopyright (c) 2020 X', 'mit'],
  ['                 Apache License\n           Version 2.0, January 2004', 'apache-2.0'],
  ['Attribution-NonCommercial 4.0 International', 'cc-by-nc-4.0'],
  ['Creative Commons Attribution 4.0 International Public License', 'cc-by-4.0'],
  ['GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007', 'gpl-3.0'],
  ['\nOur Own Terms\n\nYou may read this.', 'Our Own Terms'],
  ['', undefined],
])('a file LICENSE with %j is known as %s', (text, licence) => {
  expect(licenceIn([{ name: 'LICENSE', text }])).toBe(licence)
  expect(licenceIn([{ name: 'LICENSE', text }, ...card('license: odbl')])).toBe('odbl')
})

it('a recipe keeps its licence in its file', () => {
  const recipe = { steps: [], licence: 'cc-by-4.0' }
  expect(parseRecipe('r.json', recipeText(recipe))).toEqual(recipe)
  expect(parseRecipe('r.json', recipeText({ steps: [] }))).toEqual({ steps: [] })
  expect(() => parseRecipe('r.json', '{"tabtuneRecipe":1,"steps":[],"licence":5}')).toThrow('r.json: expected the licence as a text')
})
