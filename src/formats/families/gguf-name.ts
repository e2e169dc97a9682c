// The name that a GGUF file gives its model. llama.cpp reads more into some names than the family says.
import { families } from './registry'

/** `name` as `general.name`, changed if llama.cpp would not open a model with that name and the vocabulary `tokens`. */
export function ggufModelName(name: string, tokens: unknown): string {
  const has = (token: string) => Array.isArray(tokens) && tokens.includes(token)
  return families.reduce(
    (now, { ggufName: wants }) => (!wants || wants.tokens.every(has) ? now : now.replace(wants.name, wants.instead)),
    name,
  )
}
