// Parameters of a kernel by their names in the `struct Params` of its shader.
import type { Kernel } from './kernel'
import { shaderText } from './shaders'
import { type FieldValues, type StructLayout, checkValues, packValues, parseFields } from './struct-layout'

/** Values by the names of the fields of `struct Params`; true and false are 1 and 0 of a u32. */
export type Params = FieldValues

const name = 'Params'
const declaration = /^struct Params \{([^}]*)\}\n@group\(0\) @binding\(0\) var<\w+> p: Params;$/m

/**
 * The `struct Params` that a shader's text declares, or undefined if it declares none.
 * @throws Error if it has another form than all others. This is our mistake, not the person's.
 */
export function parseParams(file: string, text: string): StructLayout | undefined {
  const code = text.replace(/ *\/\/.*$/gm, '')
  const body = declaration.exec(code)?.[1]
  if (body === undefined) {
    if (!/\bParams\b|<uniform>/.test(code)) return
    throw new Error(`shader ${file}: expected struct Params and its binding to be written as in shaders/add.wgsl.`)
  }
  return { file, name, fields: parseFields(file, name, body) }
}

const layouts = new Map<string, StructLayout | undefined>()

function layoutIn(file: string): StructLayout | undefined {
  if (!layouts.has(file)) layouts.set(file, parseParams(file, shaderText(file)))
  return layouts.get(file)
}

/** The struct that the kernel's own file, or a snippet in front of it, declares. */
function layoutOf(kernel: Kernel): StructLayout {
  let layout = layoutIn(kernel.file)
  for (const part of kernel.parts ?? []) layout ??= layoutIn(part)
  return layout ?? { file: kernel.file, name, fields: [] }
}

/**
 * Compares parameters with what the kernel's shader declares.
 * @throws Error naming the shader and every field that is missing, unknown or of another type. This is our mistake, not the person's.
 */
export function checkParams(kernel: Kernel, params: Params): void {
  checkValues(kernel.file, layoutOf(kernel), params)
}

/** The words of the kernel's uniform buffer, a multiple of 16 bytes. @throws as `checkParams` */
export function packParams(kernel: Kernel, params: Params): Uint32Array<ArrayBuffer> {
  return packValues(kernel.file, layoutOf(kernel), params)
}
