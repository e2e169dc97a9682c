// A chat template (Jinja) as Go's text/template, the language of Ollama's TEMPLATE (ollama docs, template.md: .System, .Messages with
// .Role and .Content). It is found by trying: the model's template renders conversations of marked words, their fixed parts are taken,
// and the result is kept only if it predicts longer conversations exactly.
import { renderChat } from '../tokenizer/chat-template'
import type { ChatMessage } from '../tokenizer/chat-message'

/** The fixed texts of a template. */
interface TurnTexts {
  /** Around system words, and what stands there without them. */
  system?: readonly [before: string, after: string]
  without: string
  user: readonly [before: string, after: string]
  assistant: readonly [before: string, after: string]
  /** Before an answer that is asked for. */
  begin: string
}

type Render = (messages: readonly ChatMessage[]) => string | undefined

const [S, U, A, V, B] = ['Sa7words', 'Ub8words', 'Ac9words', 'Vd4words', 'Be5words']
const turn = (role: string, content: string): ChatMessage => ({ role, content })

/** What stands between the words in `text`, if it has each of them once, in order. */
function between(text: string | undefined, words: readonly string[]): string[] | undefined {
  const parts: string[] = []
  let rest = text
  for (const word of words) {
    const [before, ...after] = rest?.split(word) ?? []
    if (before === undefined || after.length !== 1) return undefined
    parts.push(before)
    rest = after[0]
  }
  return rest === undefined ? undefined : [...parts, rest]
}

const assembled = (t: TurnTexts, messages: readonly ChatMessage[]): string => {
  const system = messages.find((m) => m.role === 'system')
  const first = system && t.system ? t.system[0] + system.content + t.system[1] : t.without
  const turns = messages.map(({ role, content }) => {
    const around = role === 'user' ? t.user : role === 'assistant' ? t.assistant : undefined
    return around ? around[0] + content + around[1] : ''
  })
  return first + turns.join('') + t.begin
}

function commonStart(a: string, b: string): number {
  let n = 0
  while (n < a.length && a[n] === b[n]) n++
  return n
}

/** The longest text that both end with. */
function commonEnd(a: string, b: string): string {
  let n = 0
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++
  return a.slice(a.length - n)
}

/**
 * The fixed texts of a Jinja template; undefined if it does not only put texts around turns. `system` is absent if it has no place of its
 * own for system words. `addsBos`: the tokenizer puts a BOS token before every text, as
 * Ollama then does too, so the template's own is left out.
 */
export function turnTexts(template: string, tokens: { bosToken?: string; eosToken?: string; addsBos: boolean }): TurnTexts | undefined {
  const render: Render = (messages) => {
    try {
      const text = renderChat(template, messages, { ...tokens, addGenerationPrompt: true })
      return tokens.addsBos && tokens.bosToken && text.startsWith(tokens.bosToken) ? text.slice(tokens.bosToken.length) : text
    } catch {
      return undefined
    }
  }
  const chat = [turn('user', U), turn('assistant', A), turn('user', V)]
  const one = between(render(chat.slice(0, 1)), [U])
  const three = between(render(chat), [U, A, V])
  const five = between(render([...chat, turn('assistant', B), turn('user', 'Wf6words')]), [U, A, V, B, 'Wf6words'])
  if (!one || !three || !five) return undefined
  // From one user turn to the next: user after, assistant before | A | assistant after, user before.
  const [start, , afterAnswer, end] = three
  const beforeUser = commonEnd(start!, afterAnswer!)
  const withSystem = between(render([turn('system', S), ...chat]), [S, U, A, V])
  const answer = three[1]!
  // The prompt for an answer ends as a turn of the assistant begins, so the user's text ends where the two part.
  const cut = turnCut(answer, commonStart(answer, end!))
  const texts: TurnTexts = {
    without: start!.slice(0, start!.length - beforeUser.length),
    user: [beforeUser, answer.slice(0, cut)],
    assistant: [answer.slice(cut), afterAnswer!.slice(0, afterAnswer!.length - beforeUser.length)],
    begin: end!.slice(cut),
    ...(withSystem?.[1]!.endsWith(beforeUser) && {
      system: [withSystem[0]!, withSystem[1]!.slice(0, withSystem[1]!.length - beforeUser.length)] as const,
    }),
  }
  const conversations = [chat.slice(0, 1), chat, [...chat, turn('assistant', B), turn('user', 'last\nline')]]
  const predicts = (messages: readonly ChatMessage[]) => assembled(texts, messages) === render(messages)
  if (!conversations.every(predicts)) return undefined
  const system = texts.system && conversations.every((messages) => predicts([turn('system', 'Be brief.'), ...messages]))
  return { ...texts, system: system ? texts.system : undefined }
}

/** Where the user's turn ends and the assistant's begins: before the last mark, such as <|im_start|>, of the first `most` characters. */
function turnCut(text: string, most: number): number {
  const at = text.slice(0, most).search(/<[^<>]*>[^<>]*$/)
  return at < 0 ? most : at
}

/** A fixed text in a Go template. */
const fixed = (text: string): string => text.replaceAll('{{', '{{ "{{" }}')

/** Go's template for a conversation. `task` stands before every prompt. */
export function goTemplate({ system, without, user, assistant, begin }: TurnTexts, task = ''): string {
  const words = system
    ? `{{ if .System }}${fixed(system[0])}{{ .System }}${fixed(system[1])}{{ else }}${fixed(without)}{{ end }}`
    : fixed(without)
  const asked = `${fixed(user[0] + task)}{{ .Content }}${fixed(user[1])}`
  const said = `${fixed(assistant[0])}{{ .Content }}${fixed(assistant[1])}`
  return `${words}{{ range .Messages }}{{ if eq .Role "user" }}${asked}{{ else if eq .Role "assistant" }}${said}{{ end }}{{ end }}${fixed(begin)}`
}

/** Go's template for a single prompt between two texts. */
export const goPrompt = (before: string, after: string): string => `${fixed(before)}{{ .Prompt }}${fixed(after)}`
