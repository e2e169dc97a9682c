// A kernel = one shader file, the snippets it builds on, and constants baked into it.
import { shaderText } from './shaders'
import { unroll } from './unroll'

/** A constant of a kernel. Whole numbers become u32, `{ f32 }` becomes f32, booleans become bool. */
export type KernelConstant = number | boolean | { f32: number }

export interface Kernel {
  /** The shader file with the entry point `main`. */
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

/** A key that differs for different compiled kernels. */
export function kernelKey(kernel: Kernel): string {
  const constants = Object.entries(kernel.constants ?? {}).map(([name, value]) => declaration(name, value))
  return [kernel.file, ...(kernel.parts ?? []), ...constants].join('|')
}

const directive = /^(?:enable|diagnostic)\b.*;$/gm

/** The whole WGSL of the kernel. Directives come first, as the language requires, and loops marked `// unroll` are written out. */
export function kernelText(kernel: Kernel): string {
  const constants = Object.entries(kernel.constants ?? {}).map(([name, value]) => declaration(name, value))
  const text = [...constants, ...(kernel.parts ?? []).map(shaderText), shaderText(kernel.file)].join('\n')
  return unroll([...new Set(text.match(directive)), text.replace(directive, '')].join('\n'))
}
