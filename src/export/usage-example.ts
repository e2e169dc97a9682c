// The Python of a model card: how to load the adapter, and the exact prompt that asks it as it was trained.
import type { Asking } from '../config/asking'
import { lineTemplate, templateParts } from '../config/prompt-template'

const basePath = '"path/to/the/base/model"'
const folderPath = '"path/to/this/folder"'

/** Where the parts of an example come from. */
interface Example {
  /** `peft`, `adapters`: an adapter that this library loads; `tensors`: a file with changed tensors of the base; `whole`: a whole model. */
  kind: 'peft' | 'adapters' | 'tensors' | 'whole'
  /** The folder has a tokenizer with new tokens. */
  newTokens: boolean
  /** Absent = not known. */
  asking?: Asking
  /** All ids that end an answer. */
  ends: readonly number[]
}

const grown = ['if len(tokenizer) > base.config.vocab_size:', '    base.resize_token_embeddings(len(tokenizer))']

function loading({ kind, newTokens }: Example): { imports: string[]; lines: string[] } {
  const transformers = 'from transformers import AutoModelForCausalLM, AutoTokenizer'
  const tokenizer = `tokenizer = AutoTokenizer.from_pretrained(${newTokens || kind === 'whole' ? folderPath : basePath})`
  if (kind === 'whole')
    return { imports: [transformers], lines: [tokenizer, `model = AutoModelForCausalLM.from_pretrained(${folderPath})`] }
  if (kind === 'tensors')
    return {
      imports: ['from safetensors.torch import load_file', transformers],
      lines: [
        tokenizer,
        `model = AutoModelForCausalLM.from_pretrained(${basePath})`,
        'model.load_state_dict(load_file("path/to/this/folder/adapter_model.safetensors"), strict=False)',
      ],
    }
  if (kind === 'adapters')
    return {
      imports: ['import adapters', transformers],
      lines: [
        tokenizer,
        `model = AutoModelForCausalLM.from_pretrained(${basePath})`,
        'adapters.init(model)',
        `model.load_adapter(${folderPath}, use_safetensors=True, set_active=True)`,
      ],
    }
  const base = `base = AutoModelForCausalLM.from_pretrained(${basePath})`
  const lines = [tokenizer, base, ...(newTokens ? grown : []), `model = PeftModel.from_pretrained(base, ${folderPath})`]
  return { imports: [transformers, 'from peft import PeftModel'], lines }
}

/** A text as Python writes it. */
const literal = (text: string): string => JSON.stringify(text)

/** `question` between two texts. */
const around = (before: string, after: string): string =>
  [...(before ? [literal(before)] : []), 'question', ...(after ? [literal(after)] : [])].join(' + ')

const lineAfter = (text: string | undefined): string => (text ? `${text}\n` : '')

/** The lines that make the prompt of `question`. */
function promptLines({ form, promptTemplate = lineTemplate, taskDescription, systemWords }: Asking): string[] {
  const words = lineAfter(systemWords) + lineAfter(taskDescription)
  const { before, between } = templateParts(promptTemplate) ?? { before: '', between: '' }
  const system = systemWords ? `{"role": "system", "content": ${literal(systemWords)}}, ` : ''
  switch (form) {
    case 'template':
      return [
        `messages = [${system}{"role": "user", "content": ${around(lineAfter(taskDescription), '')}}]`,
        'prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)',
      ]
    case 'chat': {
      const said = systemWords ? `System: ${systemWords}\n` : ''
      return [`prompt = ${around(`${said}User: ${lineAfter(taskDescription)}`, '\nAssistant:')}`]
    }
    case 'pair':
      return [`prompt = ${around(before + words, between)}`]
    default:
      return ['prompt = question']
  }
}

/** The lines that ask, and print the answer without the token that ends it. */
function askingLines(asking: Asking, ends: readonly number[]): string[] {
  const special = asking.form === 'template' ? ', add_special_tokens=False' : ''
  return [
    '',
    'question = "Your question"',
    ...promptLines(asking),
    `inputs = tokenizer(prompt, return_tensors="pt"${special})`,
    `ends = [${ends.join(', ')}]`,
    'output = model.generate(**inputs, max_new_tokens=200, do_sample=False, eos_token_id=ends)[0, inputs.input_ids.shape[1]:]',
    'print(tokenizer.decode([token for token in output.tolist() if token not in ends], skip_special_tokens=True))',
  ]
}

/** A block of Python for a model card. */
export function usageExample(example: Example): string {
  const { asking, ends } = example
  const { imports, lines } = loading(example)
  const all = [...imports, '', ...lines, ...(asking?.form && ends.length ? askingLines(asking, ends) : [])]
  return `\`\`\`python\n${all.join('\n')}\n\`\`\`\n`
}
