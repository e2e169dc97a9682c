// Asks llama.cpp. PACKAGES is a folder in which npm has installed node-llama-cpp.
//   llama_cpp.mjs PACKAGES MODEL.gguf ADAPTER.gguf|- IDS   prints the probabilities of the next token
//   llama_cpp.mjs PACKAGES                                 answers each line of its input, {model, adapter, ids} or {model, text}, with one line
// Key/value cache in f32, no flash attention, one thread.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [packages, model, adapter, ids] = process.argv.slice(2)
const entry = createRequire(join(packages, 'package.json')).resolve('node-llama-cpp')
const { getLlama, LlamaLogLevel } = await import(pathToFileURL(entry).href)
const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 })

/** The probabilities of the token after `ids`. @param {any} loaded @param {string} adapter a file, or '-' @param {number[]} ids */
async function next(loaded, adapter, ids) {
  const context = await loaded.createContext({
    contextSize: 256,
    flashAttention: false,
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
    lora: adapter === '-' ? undefined : { adapters: [{ filePath: adapter }] },
  })
  const wanted = { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } }
  const answers = await context.getSequence().controlledEvaluate(ids.map((id, i) => (i === ids.length - 1 ? [id, wanted] : id)))
  await context.dispose()
  return [...answers[ids.length - 1].next.probabilities]
}

/** Probabilities, or the ids of `text` without special tokens around it. @param {{ model: string, adapter?: string, ids?: number[], text?: string }} asked */
async function answer({ model, adapter = '-', ids, text }) {
  // The next model may have the same path, so nothing of this one may stay.
  const loaded = await llama.loadModel({ modelPath: model })
  try {
    return ids ? await next(loaded, adapter, ids) : loaded.tokenize(text)
  } finally {
    await loaded.dispose()
  }
}

if (model) process.stdout.write(JSON.stringify(await answer({ model, adapter, ids: ids.split(',').map(Number) })))
else
  for await (const line of createInterface({ input: process.stdin })) {
    const said = await answer(JSON.parse(line)).then(
      (value) => ({ value }),
      (error) => ({ error: String(error) }),
    )
    process.stdout.write(`${JSON.stringify(said)}\n`)
  }
process.exit(0)
