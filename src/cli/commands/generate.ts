// tabtune generate: prints the answer to a prompt while it is generated.
import { answerField } from '../../config/answer-length'
import { promptNotice } from '../../config/asking-words'
import { parseSettings } from '../../config/field'
import { sentence } from '../../config/phrase'
import { Answerer } from '../../decode/answer'
import { questionOf } from '../../decode/asking'
import { askingOptionsOf } from '../data-options'
import { openAdapted, openGpu } from '../open'
import type { Options } from '../options'

/** Says why no text is shown. */
const emptyAnswer = (tokens: number) =>
  tokens === 0
    ? 'The answer is empty: the first token that the model chose was an end token.'
    : `The answer has no visible text: the model wrote ${tokens} tokens of white space or special tokens.`

export async function generate(options: Options): Promise<void> {
  const prompt = options.need('prompt')
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const question = await questionOf(model, prompt, { adapter, raw: options.flag('raw'), options: askingOptionsOf(options) })
  const differs = promptNotice(adapter?.asking ?? model.file.asking, question.asked)
  if (differs) process.stderr.write(`${sentence(differs)}\n`)
  const answerer = new Answerer(gpu, model, [adapter])
  let shown = ''
  const { maxTokens } = parseSettings('options of an answer', [answerField], options.given([answerField]))
  const [{ text, tokens }] = await answerer.answer([
    {
      ...question,
      options: { maxTokens, temperature: options.number('temperature') ?? 0, seed: options.training('seed') ?? 0 },
      onText(all) {
        if (!all.startsWith(shown)) return
        process.stdout.write(all.slice(shown.length))
        shown = all
      },
    },
  ])
  process.stdout.write(`${text.slice(shown.length)}\n`)
  if (text.trim() === '') process.stderr.write(`${emptyAnswer(tokens)}\n`)
  answerer.release()
  gpu.destroy()
}
