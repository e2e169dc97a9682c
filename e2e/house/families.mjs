// Only the files of a model family and the two registries may name the family. Any other file that names it contains a fact that belongs
// in the family's record. The names come from src/formats/families, so the rule includes every new family.

/** @typedef {import('./project.mjs').SourceFile} SourceFile */
/** @typedef {{ name: string, label: string }} FamilyNames */

const [models, records] = ['src/models/', 'src/formats/families/']

/** Places where the same words mean something else. @type {Record<string, string>} */
const otherMeanings = {
  'src/data/turns.ts': 'ShareGPT calls the assistant gpt',
  'src/formats/rope-factors.ts': 'a rotary scaling is called llama3',
  'src/tokenizer/gguf-kinds.ts': 'GGUF calls its kinds of tokenizers gpt2 and llama',
  'src/tokenizer/gguf-bpe.ts': 'GGUF calls pre-tokenizers so',
  'src/tokenizer/hf-tokenizer.ts': 'transformers calls classes of tokenizers so',
  'src/cli/node/browser-candidates.mjs': 'Linux has a folder opt',
  'src/pictures/processor.ts': 'transformers calls image processors so',
  'src/ui/text/zh-phrases-formats.ts': 'a rotary scaling is called llama3',
  'src/ui/text/zh-phrases-kinds.ts': 'a dictionary repeats the sentences of the records',
  'src/ui/text/zh-phrases-pictures.ts': 'a dictionary repeats the sentence about image processors',
  'src/train/size-plans.ts': 'the table of sizes has models of some family',
  'src/measure/workloads.ts': 'benchmarks run random models of some family',
}

/** Names of other things (a method, a program, a quantisation, a setting) that contain the name of a family. */
const otherThings = /llama-?adapter|llama\.cpp|llama-gguf|llama-?factory|ollama|gptq|llama_4_scaling_beta/gi

/** The names and labels of the families in the records among `files`. @param {readonly SourceFile[]} files @returns {FamilyNames[]} */
function familiesIn(files) {
  return files
    .filter((file) => file.path.startsWith(records) && file.isProduct)
    .flatMap((file) => {
      /** @type {FamilyNames[]} */
      const found = []
      file.visit({
        ObjectExpression({ properties }) {
          /** @param {string} key */
          const said = (key) => {
            for (const property of properties)
              if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === key)
                return property.value.type === 'Literal' ? property.value.value : undefined
            return undefined
          }
          const [name, label] = [said('name'), said('label')]
          if (typeof name === 'string' && typeof label === 'string') found.push({ name, label })
        },
      })
      return found
    })
}

/** A name without the number of its generation; several families may share it. @param {string} name */
const stemOf = (name) => name.replace(/[\d.]+$/, '')

/** Files that may name families: the families' own files, files shared by families of one stem, and the registries. @param {readonly FamilyNames[]} families */
function ownFiles(families) {
  const names = families.flatMap(({ name }) => [name, stemOf(name)])
  return new Set(['registry', ...names].flatMap((name) => [models, records].map((folder) => `${folder}${name}.ts`)))
}

/** Matches a family's name as part of an identifier, a key or another word for machines. @param {readonly FamilyNames[]} families */
function wordOf(families) {
  const stems = [...new Set(families.map(({ name }) => stemOf(name)))]
  const spelt = stems.flatMap((stem) => [
    `(?<![a-z])${stem}(?![a-z])`,
    `${stem[0].toUpperCase()}${stem.slice(1)}(?![a-z])`,
    `(?<![A-Z])${stem.toUpperCase()}(?![A-Z])`,
  ])
  return new RegExp(`(?:${spelt.join('|')})[\\d.]*`)
}

/** Matches a family's label in a sentence. @param {readonly FamilyNames[]} families */
function labelOf(families) {
  return new RegExp(`(?<![\\w-])(?:${families.map(({ label }) => label.replace(/\W/g, '\\$&')).join('|')})(?![\\w-])`)
}

/** @param {SourceFile} file @param {RegExp} word @param {RegExp} label @returns {string[]} */
function problemsOf(file, word, label) {
  /** @type {string[]} */
  const problems = []
  /** @param {{ start: number }} node @param {string} text */
  const check = (node, text) => {
    const found = (/\s/.test(text.trim()) ? label : word).exec(text.replace(otherThings, ''))
    if (found)
      problems.push(
        `${file.at(node)}: expected no family by its name, got ${found[0]}. Put the fact into ${records}, or into the family's own model.`,
      )
  }
  file.visit({
    Identifier: (node) => check(node, node.name),
    Literal: (node) => check(node, typeof node.value === 'string' ? node.value : (node.raw ?? '')),
    TemplateElement: (node) => check(node, node.value.raw),
    JSXText: (node) => check(node, node.value),
  })
  return problems
}

/** No family by its name outside its own files. @type {import('./project.mjs').Rule} */
export function familyNames(files) {
  const families = familiesIn(files)
  if (families.length === 0) return { count: 'families by name outside their files: none known', problems: [] }
  const own = ownFiles(families)
  const [word, label] = [wordOf(families), labelOf(families)]
  const problems = files
    .filter((file) => file.isProduct && !own.has(file.path) && !(file.path in otherMeanings))
    .flatMap((file) => problemsOf(file, word, label))
  return { count: `families by name outside their files: ${problems.length}`, problems }
}
