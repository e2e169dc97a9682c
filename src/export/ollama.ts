// A Modelfile for Ollama beside adapter.gguf (ollama docs, modelfile.md: FROM, ADAPTER, TEMPLATE, SYSTEM, PARAMETER).
import { askedOf } from '../config/asking'
import { UnsupportedError } from '../config/errors'
import { lineTemplate, templateParts } from '../config/prompt-template'
import { say } from '../config/phrase'
import type { LoadedModel } from '../peft/loaded-model'
import { loraGguf } from '../peft/lora-gguf'
import type { RankSettings } from '../peft/lora-sites'
import type { Adapter } from '../peft/method'
import type { FloatType, FolderFile } from '../peft/model-folder'
import { chatTemplateOf } from '../tokenizer/model-templates'
import { templateTokens } from '../tokenizer/template-tokens'
import { goPrompt, goTemplate, turnTexts } from './go-template'

/** A longer context takes more memory than most people expect, so it is not the default. */
const usualContext = 8192

const quoted = (text: string): string => `"""${text}"""`
const lineAfter = (text: string | undefined): string => (text ? `${text}\n` : '')

interface Way {
  template: string
  /** System words that every prompt has. */
  system?: string
  /** What the template cannot do, as comments. */
  limits: string[]
}

/** How the adapter is asked, as Ollama's template. */
function wayOf({ file, tokenizer }: LoadedModel, { asking }: Adapter): Way {
  const asked = askedOf(asking) ?? { form: 'template' as const }
  const task = lineAfter(asked.taskDescription)
  const system = asked.systemWords || undefined
  const jinja = file.tokenizer && chatTemplateOf(file.tokenizer)
  if (asked.form === 'template' && jinja && tokenizer) {
    const texts = turnTexts(jinja, {
      ...templateTokens(file.tokenizer!, tokenizer),
      addsBos: tokenizer.prefix.includes(tokenizer.bos ?? -1),
    })
    if (texts) {
      const limits = texts.system ? [] : ['This chat template has no separate place for system words: Ollama leaves them out.']
      const more = task ? ['The task description stands before every turn of the user; in training it stood before the first.'] : []
      return { template: goTemplate(texts, task), system: texts.system && system, limits: [...limits, ...more, 'Tools are left out.'] }
    }
    const limits = [
      "The model's chat template does more than put texts around turns, so it could not be written for Ollama. This template only continues",
      'the prompt. Copy the template of the same model from the Ollama library to chat as the adapter was trained.',
    ]
    return { template: goPrompt(lineAfter(system) + task, ''), limits }
  }
  const limits = ['The adapter was trained on single prompts. Ollama puts earlier turns before the last one in the same form.']
  if (asked.form === 'chat') return { template: goPrompt(`${system ? `System: ${system}\n` : ''}User: ${task}`, '\nAssistant:'), limits }
  if (asked.form !== 'pair') return { template: goPrompt(lineAfter(system) + task, ''), limits }
  const { before, between } = templateParts(asked.promptTemplate ?? lineTemplate)!
  return { template: goPrompt(before + lineAfter(system) + task, between), limits }
}

/** The Modelfile's text. `from` names the base in GGUF form: a file beside it, or a model of the Ollama library. */
function modelfile(model: LoadedModel, adapter: Adapter, from: string): string {
  const { file, tokenizer } = model
  const { template, system, limits } = wayOf(model, adapter)
  const ends = [...new Set([...(adapter.asking?.ends ?? []), ...(tokenizer?.ends ?? [])])].map((id) => tokenizer?.token(id) ?? '')
  const [lines, triple] = [ends.filter((end) => end.trim() !== '' && !/["\n]/.test(end)), '"""']
  if (template.includes(triple) || system?.includes(triple))
    throw new UnsupportedError(
      say`Modelfile: expected words without ${triple}, got some with them. Take them out of the task description or the system words.`,
    )
  return [
    `# ${adapter.method.label} adapter for ${file.name}, written by TabTune. Make and run it: ollama create NAME -f Modelfile; ollama run NAME`,
    '# FROM is the base model that the adapter was trained on, as GGUF. Change the path if the file lies elsewhere.',
    `FROM ${from}`,
    'ADAPTER ./adapter.gguf',
    ...limits.map((limit) => `# ${limit}`),
    `TEMPLATE ${quoted(template)}`,
    ...(system ? [`SYSTEM ${quoted(system)}`] : []),
    ...lines.map((end) => `PARAMETER stop "${end}"`),
    `PARAMETER num_ctx ${Math.min(file.config.context, usualContext)}`,
    '# The most likely token each time, as the scores of TabTune are measured.',
    'PARAMETER temperature 0',
    '',
  ].join('\n')
}

/** Modelfile and adapter.gguf with values of type `dtype`. @throws UnsupportedError for adapters that llama.cpp cannot compute */
export function ollamaFiles(adapter: Adapter, model: LoadedModel, dtype: FloatType = 'f32'): FolderFile[] {
  const { method, settings, tensors } = adapter
  if (!method.merge)
    throw new UnsupportedError(
      say`Ollama: expected a LoRA adapter, got ${method.label}, which adds other computations and cannot be merged. Use it in TabTune or in PEFT.`,
    )
  const written = method.exports?.includes('gguf') ? loraGguf(method.name, tensors, settings as RankSettings, model.base, dtype) : []
  if (!written.length)
    throw new UnsupportedError(
      say`Ollama: expected a LoRA adapter that llama.cpp can compute (no added tokens, no update of tied tables), got ${method.label}. Merge it into a GGUF file instead (tabtune merge --gguf), and put FROM with that file into a Modelfile.`,
    )
  const name = model.file.container === 'gguf' ? model.file.name : `${model.file.name}-f16`
  const from = `./${name.replace(/\.gguf$/, '').replaceAll(/[^\w.-]+/g, '-')}.gguf`
  return [{ path: 'Modelfile', bytes: new TextEncoder().encode(modelfile(model, adapter, from)) }, ...written]
}
