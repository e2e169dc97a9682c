// Chat templates in the style of well-known models, each beside a description in TypeScript of what it writes: which part of the
// text comes from whom. Tests compare the two.
import { readFileSync } from 'node:fs'
import type { ChatMessage } from '../chat-message'

interface Call {
  id: string
  type: 'function'
  function: { name: string; arguments: Record<string, string> }
}

export interface StyledTurn extends ChatMessage {
  reasoning_content?: string
  tool_calls?: Call[]
}

/** A piece of a rendered conversation; `turn` = the part that is trained for this turn of the assistant. */
export interface Piece {
  text: string
  turn?: number
  /** The template writes neither the turn's text nor its call. */
  lost?: boolean
}

interface ChatStyle {
  name: string
  template: string
  bos: string
  eos: string
  /** Special tokens besides these two. */
  marks: readonly string[]
  /** Whether turns of tools, with the calls before them, may appear. */
  tools: boolean
  system: boolean
  write(turns: readonly StyledTurn[]): Piece[]
}

const template = (name: string): string => readFileSync(`src/tokenizer/testing/templates/${name}.jinja`, 'utf8')

/** json.dumps of Python. */
const dumps = (value: Record<string, string>): string =>
  `{${Object.entries(value)
    .map(([key, text]) => `${JSON.stringify(key)}: ${JSON.stringify(text)}`)
    .join(', ')}}`

const argumentsOf = (call: Call): string => dumps(call.function.arguments)
/** Python's str.strip, which does not count U+FEFF as a space. */
const space = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const ends = new RegExp(`^${space}|${space}$`, 'g')
const trimmed = (text: string): string => text.replace(ends, '')
const trimmedLines = (text: string): string => text.replace(/^\n+|\n+$/g, '')
const withoutFirstLines = (text: string): string => text.replace(/^\n+/, '')

/** A turn between marks. The end token belongs to the turn, and what follows it does not. */
function between(header: string, words: string, end: string, behind: string, turn: StyledTurn, i: number): Piece[] {
  if (turn.role !== 'assistant') return [{ text: header + words + end + behind }]
  return [{ text: header }, { text: words + end, turn: i, lost: turn.content.trim() !== '' && words === '' }, { text: behind }]
}

const imStart = (turn: StyledTurn, i: number): Piece[] => between(`<|im_start|>${turn.role}\n`, turn.content, '<|im_end|>', '\n', turn, i)

function qwen3(turns: readonly StyledTurn[]): Piece[] {
  const isAnswer = (text: string): boolean => text.startsWith('<tool_response>') && text.endsWith('</tool_response>')
  const asked = turns.findLastIndex((turn) => turn.role === 'user' && !isAnswer(turn.content))
  const query = asked < 0 ? turns.length - 1 : asked
  return turns.flatMap((turn, i): Piece[] => {
    if (turn.role === 'tool') {
      const first = turns[i - 1]?.role !== 'tool'
      const last = turns[i + 1]?.role !== 'tool'
      return [
        { text: `${first ? '<|im_start|>user' : ''}\n<tool_response>\n${turn.content}\n</tool_response>${last ? '<|im_end|>\n' : ''}` },
      ]
    }
    if (turn.role !== 'assistant') return imStart(turn, i)
    const [head, ...rest] = turn.content.split('</think>')
    const inContent = turn.reasoning_content === undefined && rest.length > 0
    const words = inContent ? withoutFirstLines(rest.at(-1) ?? '') : turn.content
    const thought = inContent ? withoutFirstLines(head.replace(/\n+$/, '').split('<think>').at(-1) ?? '') : (turn.reasoning_content ?? '')
    const thinks = i > query && (i === turns.length - 1 || thought !== '')
    const answer = thinks ? `<think>\n${trimmedLines(thought)}\n</think>\n\n${withoutFirstLines(words)}` : words
    const calls = (turn.tool_calls ?? []).map(
      (call, j) =>
        `${j > 0 || words ? '\n' : ''}<tool_call>\n{"name": "${call.function.name}", "arguments": ${argumentsOf(call)}}\n</tool_call>`,
    )
    const silent = (thinks ? withoutFirstLines(words) === '' && trimmedLines(thought) === '' : words === '') && !calls.length
    return [
      { text: '<|im_start|>assistant\n' },
      { text: `${answer}${calls.join('')}<|im_end|>`, turn: i, lost: turn.content.trim() !== '' && silent },
      { text: '\n' },
    ]
  })
}

function deepseek(turns: readonly StyledTurn[]): Piece[] {
  const system = turns.findLast((turn) => turn.role === 'system')?.content ?? ''
  const end = '<｜end▁of▁sentence｜>'
  let [afterTool, outputs] = [false, 0]
  const out: Piece[] = [{ text: `<｜begin▁of▁sentence｜>${system}` }]
  turns.forEach((turn, i) => {
    if (turn.role === 'user') {
      out.push({ text: `<｜User｜>${turn.content}` })
      afterTool = false
    } else if (turn.role === 'tool') {
      out.push({ text: `${outputs++ ? '\n' : '<｜tool▁outputs▁begin｜>'}<｜tool▁output▁begin｜>${turn.content}<｜tool▁output▁end｜>` })
      afterTool = true
    } else if (turn.role === 'assistant' && turn.tool_calls && turn.content === '') {
      const calls = turn.tool_calls.map(
        (call) =>
          `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${call.function.name}\n\`\`\`json\n${argumentsOf(call)}\n\`\`\`<｜tool▁call▁end｜>`,
      )
      const text = `<｜tool▁calls▁begin｜>${calls.join('\n')}<｜tool▁calls▁end｜>${end}`
      // A call behind the results of another one begins with the assistant's header.
      out.push({ text: '<｜Assistant｜>' }, { text, turn: i })
      afterTool = false
    } else if (turn.role === 'assistant') {
      const words = afterTool ? turn.content : (turn.content.split('</think>').at(-1) ?? '')
      const header = afterTool ? '<｜tool▁outputs▁end｜>' : '<｜Assistant｜>'
      // The template asks with the beginning of a thought. If the answer also has it, it is part of the question.
      const asked = !afterTool && words.startsWith('<think>\n') ? '<think>\n' : ''
      out.push(
        { text: header + asked },
        {
          text: words.slice(asked.length) + end,
          turn: i,
          lost: turn.tool_calls !== undefined || (turn.content.trim() !== '' && words === ''),
        },
      )
      afterTool = false
    }
  })
  return out
}

function mistral(turns: readonly StyledTurn[]): Piece[] {
  const system = turns[0].role === 'system' ? turns[0].content : undefined
  const lastUser = turns.findLastIndex((turn) => turn.role === 'user')
  return [
    { text: '<s>' },
    ...turns.flatMap((turn, i): Piece[] => {
      if (turn.role === 'user')
        return [{ text: `[INST] ${system !== undefined && i === lastUser ? `${system}\n\n` : ''}${turn.content}[/INST]` }]
      if (turn.role === 'tool') return [{ text: `[TOOL_RESULTS] {"content": ${turn.content}}[/TOOL_RESULTS]` }]
      if (turn.role !== 'assistant') return []
      const calls = turn.tool_calls?.map(
        ({ function: called, id }) => `{"name": ${JSON.stringify(called.name)}, "arguments": ${dumps(called.arguments)}, "id": "${id}"}`,
      )
      if (calls) return [{ text: `[TOOL_CALLS] [${calls.join(', ')}]</s>`, turn: i }]
      return [{ text: ` ${trimmed(turn.content)}</s>`, turn: i }]
    }),
  ]
}

function llama3(turns: readonly StyledTurn[]): Piece[] {
  const header = (role: string): string => `<|start_header_id|>${role}<|end_header_id|>\n\n`
  return [
    { text: '<|begin_of_text|>' },
    ...turns.flatMap((turn, i): Piece[] => {
      if (turn.tool_calls) {
        const [call] = turn.tool_calls
        const text = `{"name": "${call.function.name}", "parameters": ${argumentsOf(call)}}<|eot_id|>`
        return [{ text: header('assistant') }, { text, turn: i }]
      }
      if (turn.role === 'tool') return [{ text: `${header('ipython')}${turn.content}<|eot_id|>` }]
      return between(header(turn.role), trimmed(turn.content), '<|eot_id|>', '', turn, i)
    }),
  ]
}

function gemma(turns: readonly StyledTurn[]): Piece[] {
  const system = turns[0].role === 'system' ? `${turns[0].content}\n\n` : ''
  const rest = turns.map((turn, i) => ({ turn, i })).filter(({ turn }) => turn.role !== 'system')
  const role = (turn: StyledTurn): string => (turn.role === 'assistant' ? 'model' : turn.role)
  const piece = ({ turn, i }: { turn: StyledTurn; i: number }, at: number): Piece[] =>
    between(`<start_of_turn>${role(turn)}\n${at ? '' : system}`, trimmed(turn.content), '<end_of_turn>', '\n', turn, i)
  return [{ text: '<bos>' }, ...rest.flatMap(piece)]
}

const olmo = (turns: readonly StyledTurn[]): Piece[] => [
  { text: '<|endoftext|>' },
  ...turns.flatMap((turn, i): Piece[] => {
    if (turn.role !== 'assistant') return [{ text: `<|${turn.role}|>\n${turn.content}\n` }]
    const last = i === turns.length - 1
    return between('<|assistant|>\n', turn.content, last ? '<|endoftext|>' : '<|im_end|>', last ? '' : '\n', turn, i)
  }),
]

const phi4 = (turns: readonly StyledTurn[]): Piece[] =>
  turns.flatMap((turn, i): Piece[] => {
    if (turn.role === 'assistant') return between('', turn.content, '<|im_end|>', '', turn, i)
    const next = turn.role === 'user' ? '<|im_start|>assistant<|im_sep|>' : ''
    return [{ text: `<|im_start|>${turn.role}<|im_sep|>${turn.content}<|im_end|>${next}` }]
  })

const escaped = (text: string): string => trimmed(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const plain = { bos: '<s>', eos: '</s>', tools: false, system: true }
const deepseekMarks =
  'User Assistant tool▁calls▁begin tool▁calls▁end tool▁call▁begin tool▁call▁end tool▁sep tool▁outputs▁begin tool▁outputs▁end tool▁output▁begin tool▁output▁end'

const styles: readonly Omit<ChatStyle, 'template'>[] = [
  { name: 'chatml', ...plain, marks: ['<|im_start|>', '<|im_end|>'], write: (turns) => turns.flatMap(imStart) },
  {
    name: 'llama3',
    bos: '<|begin_of_text|>',
    eos: '<|end_of_text|>',
    marks: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    tools: true,
    system: true,
    write: llama3,
  },
  { name: 'gemma', bos: '<bos>', eos: '<eos>', marks: ['<start_of_turn>', '<end_of_turn>'], tools: false, system: true, write: gemma },
  {
    name: 'mistral',
    ...plain,
    tools: true,
    marks: ['[INST]', '[/INST]', '[TOOL_CALLS]', '[TOOL_RESULTS]', '[/TOOL_RESULTS]'],
    write: mistral,
  },
  { name: 'qwen3', ...plain, eos: '<|im_end|>', tools: true, marks: ['<|im_start|>', '<|endoftext|>'], write: qwen3 },
  { name: 'olmo', bos: '<|endoftext|>', eos: '<|endoftext|>', marks: ['<|im_end|>'], tools: false, system: true, write: olmo },
  {
    name: 'deepseek',
    bos: '<｜begin▁of▁sentence｜>',
    eos: '<｜end▁of▁sentence｜>',
    marks: deepseekMarks.split(' ').map((name) => `<｜${name}｜>`),
    tools: true,
    system: true,
    write: deepseek,
  },
  {
    name: 'phi3',
    bos: '<s>',
    eos: '<|endoftext|>',
    marks: ['<|system|>', '<|user|>', '<|assistant|>', '<|end|>'],
    tools: false,
    system: true,
    write: (turns) => [
      ...turns.flatMap((turn, i) => between(`<|${turn.role}|>\n`, turn.content, '<|end|>', '\n', turn, i)),
      { text: '<|endoftext|>' },
    ],
  },
  { name: 'phi4', ...plain, marks: ['<|im_start|>', '<|im_sep|>', '<|im_end|>'], write: phi4 },
  {
    name: 'generation',
    ...plain,
    marks: ['<|im_start|>', '<|im_end|>'],
    write: (turns) =>
      turns.flatMap((turn, i) =>
        turn.role === 'assistant' ? imStart({ ...turn, content: withoutFirstLines(turn.content) }, i) : imStart(turn, i),
      ),
  },
  {
    name: 'escaping',
    ...plain,
    marks: ['[end]'],
    write: (turns) => turns.flatMap((turn, i) => between(`[turn ${turn.role}]`, escaped(turn.content), '[end]', '\n\n', turn, i)),
  },
  {
    name: 'separated',
    ...plain,
    marks: ['<|im_start|>', '<|im_end|>'],
    write: (turns) =>
      turns.flatMap((turn, i) =>
        between(`<|im_start|>${turn.role}\n`, turn.content, '<|im_end|>', i < turns.length - 1 ? '\n' : '', turn, i),
      ),
  },
]

export const chatStyles: readonly ChatStyle[] = styles.map((style) => ({ ...style, template: template(style.name) }))
