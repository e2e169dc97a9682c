// tabtune generate: text after a prompt, as it comes.
import { UnsupportedError } from '../../config/errors'
import { Answerer } from '../../train/answer'
import { openAdapted, openGpu } from '../open'
import type { Options } from '../options'

export async function generate(options: Options): Promise<void> {
  const prompt = options.need('prompt')
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const { tokenizer } = model
  if (!tokenizer)
    throw new UnsupportedError(
      `${model.file.name}: expected a tokenizer to read the prompt with, got none. Add tokenizer.json to the folder.`,
    )
  const answerer = new Answerer(gpu, model, [adapter])
  let shown = ''
  const maxTokens = options.number('max-tokens') ?? 128
  const [{ text }] = await answerer.answer([
    {
      promptIds: tokenizer.encode(prompt, { addSpecial: true }),
      tokenizer,
      options: { maxTokens, temperature: options.number('temperature') ?? 0, seed: options.number('seed') ?? 0 },
      onText(all) {
        if (!all.startsWith(shown)) return
        process.stdout.write(all.slice(shown.length))
        shown = all
      },
    },
  ])
  process.stdout.write(`${text.slice(shown.length)}\n`)
  answerer.release()
  gpu.destroy()
}
