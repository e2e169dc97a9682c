// A method's papers as links, from citations such as `Hu et al. 2021, arXiv 2106.09685; …`.

interface Paper {
  /** Authors and year. */
  words: string
  url: string
}

const citation = /^(.+), arXiv (\d{4}\.\d{4,5})$/

/** Each citation that names an arXiv number, as a link to its abstract. */
export function papersOf(citations: string): Paper[] {
  return citations.split('; ').flatMap((text) => {
    const [, words, number] = citation.exec(text) ?? []
    return words === undefined ? [] : [{ words, url: `https://arxiv.org/abs/${number}` }]
  })
}
