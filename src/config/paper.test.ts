import { describe, expect, it } from 'vitest'
import { methods } from '../peft/registry'
import { papersOf } from './paper'

describe('papers', () => {
  it('become links, however many there are', () => {
    expect(papersOf('Dou et al. 2023, arXiv 2312.09979; Fedus et al. 2021, arXiv 2101.03961')).toEqual([
      { words: 'Dou et al. 2023', url: 'https://arxiv.org/abs/2312.09979' },
      { words: 'Fedus et al. 2021', url: 'https://arxiv.org/abs/2101.03961' },
    ])
    expect(papersOf('a blog of 2020')).toEqual([])
  })

  it('are linked for every method, each citation', () => {
    for (const { name, paper } of methods) expect(papersOf(paper), name).toHaveLength(paper.split(';').length)
  })
})
