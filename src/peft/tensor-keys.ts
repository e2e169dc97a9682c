// PEFT's keys of an adapter's tensors: the module, and which of its tensors it is.

const start = 'base_model.model.'

export const tensorKey = (module: string, part: string) => `${start}${module}.${part}`

/** The module of a key that ends with one of `parts`. */
export function moduleIn(key: string, parts: readonly string[]): string | undefined {
  const part = parts.find((p) => key.endsWith(`.${p}`))
  return part !== undefined && key.startsWith(start) ? key.slice(start.length, -part.length - 1) : undefined
}
