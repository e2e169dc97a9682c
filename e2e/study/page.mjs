// docs/study.md from the results. Only what stands between the markers of a section is written; the rest of the page is written by hand.
import { rows } from './rows.mjs'
import { gridTable, stabilityTable, bars, batchTable, planTable, qloraTable, rankTable, rateTable, serveTable } from './tables.mjs'

/** @typedef {import('../study.mjs').Result} Result */
/** @typedef {ReadonlyMap<string, Result>} Results */

/** @param {Results} results */
function progress(results) {
  const left = rows.filter(({ id }) => !results.has(id))
  const commits = [...new Set([...results.values()].map(({ commit }) => commit))]
  return `${rows.length - left.length} of ${rows.length} rows are done${commits.length ? ` (at ${commits.join(', ')})` : ''}. \`npm run study\` runs the others.\n`
}

/** @param {Results} results */
function commands(results) {
  const done = rows.flatMap(({ id }) => results.get(id) ?? [])
  const items = done.map(({ id, commands: given, commit, date, seconds }) => {
    const text = given.map((command) => `  ${command}`).join('\n')
    return `${id} (${date}, ${commit}, ${seconds} s)\n${text}`
  })
  return `<details><summary>${done.length} rows</summary>\n\n\`\`\`text\n${items.join('\n')}\n\`\`\`\n\n</details>\n`
}

/** @type {readonly [name: string, title: string, text: (results: Results) => string][]} */
const sections = [
  ['progress', 'How far it is', progress],
  ['viggo', 'ViGGO', (r) => gridTable('viggo', r) + bars('viggo', r) + stabilityTable('viggo', r)],
  ['wikisql', 'WikiSQL', (r) => gridTable('wikisql', r) + bars('wikisql', r) + stabilityTable('wikisql', r)],
  ['gsm8k', 'GSM8K', (r) => gridTable('gsm8k', r) + bars('gsm8k', r) + stabilityTable('gsm8k', r)],
  ['rate', 'Stability by rate', rateTable],
  ['qlora', 'QLoRA’s own figures', qloraTable],
  ['rank', 'Rank and targets', rankTable],
  ['batch', 'Throughput by batch size', batchTable],
  ['plan', 'Memory and checkpoints of Llama 2', planTable],
  ['serve', 'Ten adapters at once', serveTable],
  ['commands', 'Commands', commands],
]

const begin = (/** @type {string} */ name) => `<!-- study: ${name} -->`
const end = '<!-- end of study -->'

/** `before` with the generated sections as `results` say. A section that is not there is added at the end. @param {string} before @param {Results} results */
export function withPage(before, results) {
  let page = before || '# The study\n'
  for (const [name, title, text] of sections) {
    const written = `${begin(name)}\n\n${text(results).trimEnd()}\n\n${end}`
    const from = page.indexOf(begin(name))
    const to = from < 0 ? -1 : page.indexOf(end, from)
    page = to < 0 ? `${page.trimEnd()}\n\n## ${title}\n\n${written}\n` : page.slice(0, from) + written + page.slice(to + end.length)
  }
  return page
}
