// tabtune generate: prints the answer to a prompt while it is generated.
import { answerField } from '../../config/answer-length'
import { promptNotice } from '../../config/asking-words'
import { parseSettings } from '../../config/field'
import { say, sentence } from '../../config/phrase'
import { FormatError } from '../../config/errors'
import { type Sampling, samplingFields, undrawn } from '../../config/sampling-fields'
import { Answerer } from '../../decode/answer'
import { questionOf } from '../../decode/asking'
import { stoppingAt } from '../../decode/stop-texts'
import { askingOptionsOf } from '../data-options'
import { openAdapted, openGpu } from '../open'
import { type Options, optionOf } from '../options'

/** Says why no text is shown. */
const emptyAnswer = (tokens: number) =>
  tokens === 0
    ? 'The answer is empty: the first token that the model chose was an end token.'
    : `The answer has no visible text: the model wrote ${tokens} tokens of white space or special tokens.`

const emptyBeforeStop = 'The answer has no visible text in front of the text of --stop.'

/** How tokens are chosen. @throws FormatError for an option that would do nothing */
function samplingOf(options: Options): Sampling {
  const given = options.given(samplingFields)
  const idle = samplingFields.find(({ key }) => key === undrawn(given))
  if (idle)
    throw new FormatError(
      say`--temperature: expected a number beside --${optionOf(idle)}, got nothing. The default is 0, where only the most likely token is taken; give a temperature.`,
    )
  return parseSettings('options of sampling', samplingFields, given)
}

/** The texts that end the answer. @throws FormatError for an empty one */
function stopsOf({ stops }: Options): readonly string[] {
  if (stops.includes('')) throw new FormatError(say`--stop: expected a text, got an empty one. Give the text that ends the answer.`)
  return stops
}

export async function generate(options: Options): Promise<void> {
  const prompt = options.need('prompt')
  const sampling = samplingOf(options)
  const stops = stopsOf(options)
  const gpu = await openGpu()
  const { model, adapter } = await openAdapted(gpu, options)
  const question = await questionOf(model, prompt, { adapter, raw: options.flag('raw'), options: askingOptionsOf(options) })
  const differs = promptNotice(adapter?.asking ?? model.file.asking, question.asked)
  if (differs) process.stderr.write(`${sentence(differs)}\n`)
  const answerer = new Answerer(gpu, model, [adapter])
  let shown = ''
  const { maxTokens } = parseSettings('options of an answer', [answerField], options.given([answerField]))
  const stopping = stoppingAt(stops, (all) => {
    if (!all.startsWith(shown)) return
    process.stdout.write(all.slice(shown.length))
    shown = all
  })
  const [{ text: whole, tokens }] = await answerer.answer([
    {
      ...question,
      options: { ...sampling, maxTokens, seed: options.training('seed') ?? 0 },
      onText: stopping.onText,
    },
  ])
  const text = stopping.cut() ?? whole
  process.stdout.write(`${text.slice(shown.length)}\n`)
  if (text.trim() === '') process.stderr.write(`${stopping.cut() === undefined ? emptyAnswer(tokens) : emptyBeforeStop}\n`)
  answerer.release()
  gpu.destroy()
}
