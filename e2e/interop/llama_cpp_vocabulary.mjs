// Reads texts with llama.cpp, for check_tokenizers.py: llama_cpp_vocabulary.mjs PACKAGES MODEL.gguf. The file may be a vocabulary alone.
// Standard input: [text, …]; standard output: the ids of each text, special tokens recognised, none added.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [packages, model] = process.argv.slice(2)
const entry = createRequire(join(packages, 'package.json')).resolve('node-llama-cpp')
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry).href)

/** @type {string[]} */
const texts = JSON.parse(readFileSync(0, 'utf8'))
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 })
const loaded = await llama.loadModel({ modelPath: model, vocabOnly: true })
process.stdout.write(JSON.stringify(texts.map((text) => loaded.tokenize(text, true))), () => process.exit(0))
