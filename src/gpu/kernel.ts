// A kernel = one shader file, the snippets it builds on, and constants baked into it.
import { shaderText } from './shaders'
import { unroll } from './unroll'

/** A constant of a kernel: whole numbers become u32, `{ f32 }` a float, booleans a bool. */
export type KernelConstant = number | boolean | { f32: number }

export interface Kernel {
  /** Shader file with the entry point `main`. */
  file: string
  /** Snippets put in front of it, e.g. `quant/q4_0`. */
  parts?: readonly string[]
  constants?: Readonly<Record<string, KernelConstant>>
}

function declaration(name: string, value: KernelConstant): string {
  if (typeof value === 'boolean') return `const ${name}: bool = ${value};`
  if (typeof value === 'number') return `const ${name}: u32 = ${value}u;`
  return `const ${name}: f32 = f32(${value.f32.toExponential(9)});`
}

/** What tells one compiled kernel from another. */
export function kernelKey(kernel: Kernel): string {
  const constants = Object.entries(kernel.constants ?? {}).map(([name, value]) => declaration(name, value))
  return [kernel.file, ...(kernel.parts ?? []), ...constants].join('|')
}

const directive = /^(?:enable|diagnostic)\b.*;$/gm

/** The kernel's whole WGSL: directives of its files first, as the language demands, loops marked so written out. */
export function kernelText(kernel: Kernel): string {
  const constants = Object.entries(kernel.constants ?? {}).map(([name, value]) => declaration(name, value))
  const text = [...constants, ...(kernel.parts ?? []).map(shaderText), shaderText(kernel.file)].join('\n')
  return unroll([...new Set(text.match(directive)), text.replace(directive, '')].join('\n'))
}
