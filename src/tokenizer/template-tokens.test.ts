// What templates write for special tokens is what transformers 5.18 writes (AutoTokenizer.from_pretrained(folder).apply_chat_template).
import { describe, expect, it } from 'vitest'
import type { TokenizerSource } from '../formats/model-file'
import { modelTokenizer } from './create-tokenizer'
import { rendererOf } from './model-renderer'

const model = { type: 'WordLevel', vocab: { '<unk>': 0, '<s>': 1, '</s>': 2, '<pad>': 3 }, unk_token: '<unk>' }
const added = Object.entries(model.vocab).map(([content, id]) => ({ id, content, special: true }))
const chatTemplate = '{{ bos_token }}|{{ eos_token }}|{{ pad_token }}|{{ unk_token }}|{{ messages[0].content }}'
/** The rendered text of a folder whose config.json names all ids. */
async function written(tokenizerConfig: Record<string, unknown>): Promise<string> {
  const source: TokenizerSource = { kind: 'hf', tokenizerJson: { model, added_tokens: added }, tokenizerConfig, chatTemplate }
  const file = { tokenizer: source, special: { bos: 1, eos: [2], pad: 3 }, config: { vocab: 4 } }
  const renderer = rendererOf(file, modelTokenizer(file)!)!
  const [result] = await renderer.render([{ messages: [{ role: 'user', content: 'x' }], want: 'prompt' }])
  return 'text' in result ? result.text : String(result.problem)
}

describe('special tokens in templates', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['are those that the tokenizer names', { bos_token: '<s>', eos_token: { content: '</s>' }, pad_token: '<pad>' }, '<s>|</s>|<pad>||x'],
    ['are none if it says null, as Qwen does', { tokenizer_class: 'Qwen2Tokenizer', bos_token: null, eos_token: '</s>' }, '|</s>|||x'],
    ['are none if a class without its own names none', { tokenizer_class: 'PreTrainedTokenizerFast' }, '||||x'],
    ['are those of the class if it names none', { tokenizer_class: 'LlamaTokenizerFast' }, '<s>|</s>||<unk>|x'],
    ['are none if it says null, whatever the class', { tokenizer_class: 'LlamaTokenizer', bos_token: null }, '|</s>||<unk>|x'],
  ]
  for (const [name, config, text] of cases) it(name, async () => expect(await written(config)).toBe(text))
})
