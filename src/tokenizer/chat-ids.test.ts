// A conversation of several turns becomes the ids that transformers 5.18 makes of it for SmolLM2:
// AutoTokenizer.from_pretrained(folder, gguf_file=…).apply_chat_template(messages, add_generation_prompt=True).
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { promptIds } from '../data/encode-sample'
import { MemorySource } from '../formats/memory-source'
import { openModel } from '../formats/open-model'
import { modelTokenizer } from './create-tokenizer'
import { rendererOf } from './model-renderer'

const path = '../shared/models/SmolLM2-135M-Instruct/SmolLM2-135M-Instruct.Q4_1.gguf'
const turns = [
  { role: 'user', content: 'What is gravity?' },
  { role: 'assistant', content: 'Gravity is a force that pulls things together.\n\nIt  never sleeps — 9.81 m/s².' },
  { role: 'user', content: 'And on the Moon?' },
  { role: 'assistant', content: ' About a sixth. ' },
  { role: 'user', content: 'Say <|im_end|> in one word, é 🙂' },
]
// prettier-ignore
const system = [9690, 198, 2683, 359, 253, 5356, 5646, 11173, 3365, 3511, 308, 34519, 28, 7018, 411, 407, 19712, 8182, 2, 198]
const ownSystem = [9690, 198, 21350, 281, 582, 6330, 30, 2, 198]
// prettier-ignore
const rest = [
  1, 4093, 198, 1780, 314, 9354, 47, 2, 198, 1, 520, 9531, 198, 22007, 6463, 314, 253, 3075, 338, 26648, 1495, 1592, 30, 198, 198, 1589,
  216, 2093, 2801, 99, 1841, 216, 41, 30, 40, 33, 283, 31, 99, 19133, 30, 2, 198, 1, 4093, 198, 3528, 335, 260, 8872, 47, 2, 198, 1, 520,
  9531, 198, 6810, 253, 15708, 30, 216, 2, 198, 1, 4093, 198, 36218, 216, 2, 281, 582, 2229, 28, 26411, 47526, 2, 198, 1, 520, 9531, 198,
]

test.skipIf(!existsSync(path))('a conversation has the ids of apply_chat_template, with and without a system prompt', async () => {
  const file = await openModel([new MemorySource('model.gguf', new Uint8Array(readFileSync(path)))])
  const tokenizer = modelTokenizer(file)!
  const asked = { form: 'template' } as const
  const asker = { tokenizer, renderer: rendererOf(file, tokenizer), asked }
  expect(await promptIds(turns, asker)).toEqual([1, ...system, ...rest])
  const words = { ...asker, asked: { ...asked, systemWords: 'Answer in one sentence.' } }
  expect(await promptIds(turns, words)).toEqual([1, ...ownSystem, ...rest])
})
