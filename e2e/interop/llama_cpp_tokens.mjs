// Prints the token ids of a text by llama.cpp, without special tokens around it: llama_cpp_tokens.mjs PACKAGES MODEL.gguf TEXT
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [packages, model, text] = process.argv.slice(2)
const entry = createRequire(join(packages, 'package.json')).resolve('node-llama-cpp')
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry).href)

const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 })
const loaded = await llama.loadModel({ modelPath: model })
process.stdout.write(JSON.stringify(loaded.tokenize(text)))
process.exit(0)
