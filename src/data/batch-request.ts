// Rows of OpenAI's batch files: {"custom_id", "method", "url", "body"}. The conversation is in the body.
import { recordOf } from '../config/exact-json'
import { type Phrase, say } from '../config/phrase'
import { isTurns, listOf } from './turn-list'
import { roleOf } from './turns'

/** The row in a batch request, or why there is none; any other row as it is. */
export function batchRow(value: Record<string, unknown>): { value: Record<string, unknown>; problem?: Phrase } {
  const body = Object.hasOwn(value, 'custom_id') ? recordOf(value.body) : undefined
  if (!body || !isTurns(body.messages)) return { value }
  const { body: _body, method: _method, url: _url, ...rest } = value
  const last = recordOf(listOf(body.messages)?.at(-1))
  if (roleOf(last?.role) !== 'assistant')
    return {
      value,
      problem: say`a batch request that does not end with an answer: its answer is in another file, so there is nothing to train on`,
    }
  return { value: { ...rest, ...body } }
}
