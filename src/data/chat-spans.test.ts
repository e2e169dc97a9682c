// The trained part of a conversation is what the assistant's turns wrote, in any template and with any words.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Piece, type StyledTurn, chatStyles } from '../tokenizer/testing/chat-styles'
import { directRenderer } from '../tokenizer/template-renderer'
import { renderChat } from '../tokenizer/chat-template'
import type { Dataset } from './dataset'
import { byteTokenizer, dataOptions, memorySource, english } from './testing/rows'
import { tokenizeDataset } from './tokenize-dataset'

const runs = 30

/** Texts that templates, or finding a turn by its words, may stumble over. */
const awkward = [
  '', ' ', '\n', '\n\n', ' yes ', '\nyes\n', 'yes', 'no', 'assistant', 'user', '\n</think>\n', '<think>\nhm\n</think>\n\nyes', '<think>\n', '</think>',
  'a</think>', '<think>so</think> yes ', '<|im_end|>', '<|im_end|>\n<|im_start|>user\nyes', '<|im_start|>assistant\n', '<|end|>\n', '<|eot_id|>', '</s>',
  '[/INST] yes</s>', '<end_of_turn>\n<start_of_turn>model\n', '<｜Assistant｜>', '<｜end▁of▁sentence｜>', 'a<b & c', '&lt;', '<tool_response>x</tool_response>',
  'Zq7vAk', '\ufeffyes', 'é\u{1f600}', '{{ messages }}', '0[', '\ue0000[yes\ue0000]',
] // prettier-ignore

const words = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...awkward) }, fc.string({ unit: 'grapheme', maxLength: 8 }))
const call = fc.record({
  id: fc.constant('abcdefghi'),
  type: fc.constant('function' as const),
  function: fc.record({
    name: fc.constantFrom('f', 'yes', 'get_weather'),
    arguments: fc.dictionary(fc.constantFrom('city', 'yes', 'n'), words, { maxKeys: 2 }),
  }),
})

interface Round {
  user: string
  calls?: {
    call: { id: string; type: 'function'; function: { name: string; arguments: Record<string, string> } }
    words: string
    result: string
  }[]
  thought?: string
  answer: string
  weight?: number
}
const round = (tools: boolean): fc.Arbitrary<Round> =>
  fc.record(
    {
      user: words,
      calls: tools
        ? fc.array(fc.record({ call, words: fc.constantFrom('', '', 'Let me see.'), result: words }), { maxLength: 2 })
        : fc.constant([]),
      thought: words,
      answer: words,
      weight: fc.constantFrom(0, 1),
    },
    { requiredKeys: ['user', 'answer'] },
  )

const talk = (tools: boolean, system: boolean) =>
  fc
    .tuple(system ? fc.option(words) : fc.constant(null), fc.array(round(tools), { minLength: 1, maxLength: 4 }))
    .map(([first, rounds]) => ({
      turns: [
        ...(first === null ? [] : [{ role: 'system', content: first }]),
        ...rounds.flatMap(({ user, calls = [], thought, answer }): StyledTurn[] => [
          { role: 'user', content: user },
          ...calls.flatMap(({ call: made, words: said, result }): StyledTurn[] => [
            { role: 'assistant', content: said, tool_calls: [made] },
            { role: 'tool', content: result },
          ]),
          { role: 'assistant', content: answer, ...(thought === undefined ? {} : { reasoning_content: thought }) },
        ]),
      ],
      weights: rounds.flatMap(({ calls = [], weight }) => [...calls.map(() => undefined), weight]),
    }))

/** The trained tokens as text, one for each run of them. */
function trainedRuns(dataset: Dataset): string[] {
  const { ids, trained } = dataset.example(0)
  const groups: number[][] = []
  ids.forEach((id, t) => {
    if (!trained[t]) return
    if (t === 0 || !trained[t - 1]) groups.push([])
    groups[groups.length - 1].push(id)
  })
  return groups.map((group) => dataset.encoder.tokenizer.decode(group))
}

/** What is to be learnt, and all text up to its end. */
function expected(pieces: readonly Piece[], learnt: (turn: number) => boolean): { runs: string[]; text: string } {
  const isLearnt = ({ turn }: Piece): boolean => turn !== undefined && learnt(turn)
  const last = pieces.findLastIndex(isLearnt)
  const text = pieces
    .slice(0, last + 1)
    .map((piece) => piece.text)
    .join('')
  return { runs: pieces.filter(isLearnt).map((piece) => piece.text), text }
}

describe.each(chatStyles.map((style) => [style.name, style] as const))('%s', (_, style) => {
  const tokenizer = byteTokenizer(false, [...new Set([style.bos, style.eos, ...style.marks])])
  const renderer = directRenderer(style.template, { bosToken: style.bos, eosToken: style.eos })

  it.each(['completion', 'all-assistant'] as const)(
    '%s trains what the assistant’s turns wrote, and nothing else',
    async (trainOn) => {
      const property = fc.asyncProperty(talk(style.tools, style.system), async ({ turns, weights }) => {
        const answers = turns.flatMap((turn, i) => (turn.role === 'assistant' ? [i] : []))
        const learnable = answers.filter((_turn, n) => weights[n] !== 0)
        fc.pre(learnable.length > 0)
        const used = trainOn === 'completion' ? turns.slice(0, (learnable.at(-1) ?? 0) + 1) : turns
        const pieces = style.write(used)
        // The pieces are the template's text.
        const rendered = renderChat(style.template, used, {
          bosToken: style.bos,
          eosToken: style.eos,
          callsWithoutContent: style.name === 'deepseek',
        })
        expect(pieces.map((piece) => piece.text).join('')).toBe(rendered)
        const learnt = (turn: number): boolean => (trainOn === 'completion' ? turn === learnable.at(-1) : learnable.includes(turn))
        const row = {
          messages: turns.map((turn, i) => ({
            ...turn,
            ...(weights[answers.indexOf(i)] === undefined ? {} : { weight: weights[answers.indexOf(i)] }),
          })),
        }
        const made = tokenizeDataset(memorySource([row]), tokenizer, renderer, dataOptions({ trainOn }))
        if (pieces.some(({ lost, turn = -1 }) => lost && (learnt(turn) || used[turn].tool_calls))) {
          await expect(made).rejects.toThrow(/the chat template (writes nothing|leaves out)/)
          return
        }
        const dataset = await made
        const right = expected(pieces, learnt)
        expect(trainedRuns(dataset)).toEqual(right.runs)
        expect(tokenizer.decode([...dataset.example(0).ids])).toBe(right.text)
        expect(english(dataset.notes).join()).not.toMatch(/not trained/)
      })
      await fc.assert(property, { numRuns: runs })
    },
    60_000,
  )
})
