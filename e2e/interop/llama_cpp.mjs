// Prints the probabilities of the next token by llama.cpp: llama_cpp.mjs PACKAGES MODEL.gguf ADAPTER.gguf|- IDS
// PACKAGES is a folder in which npm has installed node-llama-cpp. Key/value cache in f32, no flash attention, one thread.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [packages, model, adapter, ids] = process.argv.slice(2)
const entry = createRequire(join(packages, 'package.json')).resolve('node-llama-cpp')
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry).href)

const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 })
const loaded = await llama.loadModel({ modelPath: model })
const context = await loaded.createContext({
  contextSize: 256,
  flashAttention: false,
  experimentalKvCacheKeyType: 'F32',
  experimentalKvCacheValueType: 'F32',
  lora: adapter === '-' ? undefined : { adapters: [{ filePath: adapter }] },
})
const tokens = ids.split(',').map(Number)
const next = { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } }
const answers = await context.getSequence().controlledEvaluate(tokens.map((id, i) => (i === tokens.length - 1 ? [id, next] : id)))
process.stdout.write(JSON.stringify([...answers[tokens.length - 1].next.probabilities]))
process.exit(0)
