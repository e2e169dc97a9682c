// Parameters of a kernel by the names that the `struct Params` of its shader gives them: checked against it, packed in its order.
import type { Kernel } from './kernel'
import { shaderText } from './shaders'
import { type StructField, parseFields } from './struct-layout'

/** Values by the names of the fields of `struct Params`; true and false are 1 and 0 of a u32. */
export type Params = Readonly<Record<string, number | boolean>>

/** The `struct Params` of a shader file. */
export interface ParamsLayout {
  /** The file that declares it: the kernel's own, or a snippet in front of it. */
  file: string
  fields: readonly StructField[]
}

const declaration = /^struct Params \{([^}]*)\}\n@group\(0\) @binding\(0\) var<\w+> p: Params;$/m

/**
 * The `struct Params` that a shader's text declares, or undefined if it declares none.
 * @throws Error if it is not written as all are: a mistake of ours, not of the person.
 */
export function parseParams(file: string, text: string): ParamsLayout | undefined {
  const code = text.replace(/ *\/\/.*$/gm, '')
  const body = declaration.exec(code)?.[1]
  if (body === undefined) {
    if (!/\bParams\b|<uniform>/.test(code)) return
    throw new Error(`shader ${file}: expected struct Params and its binding to be written as in shaders/add.wgsl.`)
  }
  return { file, fields: parseFields(file, 'Params', body) }
}

const layouts = new Map<string, ParamsLayout | undefined>()

function layoutIn(file: string): ParamsLayout | undefined {
  if (!layouts.has(file)) layouts.set(file, parseParams(file, shaderText(file)))
  return layouts.get(file)
}

function layoutOf(kernel: Kernel): ParamsLayout {
  let layout = layoutIn(kernel.file)
  for (const part of kernel.parts ?? []) layout ??= layoutIn(part)
  return layout ?? { file: kernel.file, fields: [] }
}

const types = {
  u32: { what: 'a whole number from 0 to 4294967295', fits: (v: unknown) => typeof v === 'boolean' || (whole(v) && v >= 0 && v < 2 ** 32) },
  i32: { what: 'a whole number from -2147483648 to 2147483647', fits: (v: unknown) => whole(v) && v >= -(2 ** 31) && v < 2 ** 31 },
  f32: { what: 'a number', fits: (v: unknown) => typeof v === 'number' && !Number.isNaN(v) },
}

function whole(value: unknown): value is number {
  return Number.isInteger(value)
}

function mismatches({ fields }: ParamsLayout, params: Params): string[] {
  const wrong = fields
    .filter(({ name, type }) => !types[type].fits(params[name]))
    .map(({ name, type }) => `${name} to be ${type} (${types[type].what}), got ${name in params ? params[name] : 'none'}`)
  const known = new Set(fields.map((f) => f.name))
  const extra = Object.keys(params).filter((name) => !known.has(name))
  return [...wrong, ...extra.map((name) => `no ${name}, got ${params[name]}`)]
}

/**
 * Compares parameters with what the kernel's shader declares.
 * @throws Error naming the shader and every field that is missing, unknown or of another type: a mistake of ours, not of the person.
 */
export function checkParams(kernel: Kernel, params: Params): void {
  const layout = layoutOf(kernel)
  const { file, fields } = layout
  // Most launches are right: no lists are made for them.
  if (fields.every(({ name, type }) => types[type].fits(params[name])) && Object.keys(params).length === fields.length) return
  const declared = fields.map(({ name, type }) => `${name}: ${type}`).join(', ')
  throw new Error(
    `shader ${kernel.file}: expected ${mismatches(layout, params).join('; ')}. struct Params in shaders/${file}.wgsl has ${declared || 'no fields'}.`,
  )
}

/** The words of the kernel's uniform, in whole 16 bytes. @throws as `checkParams` */
export function packParams(kernel: Kernel, params: Params): Uint32Array<ArrayBuffer> {
  checkParams(kernel, params)
  const { fields } = layoutOf(kernel)
  const u32 = new Uint32Array(Math.max(4, Math.ceil(fields.length / 4) * 4))
  const f32 = new Float32Array(u32.buffer)
  fields.forEach(({ name, type }, i) => {
    const words = type === 'f32' ? f32 : u32
    words[i] = Number(params[name])
  })
  return u32
}
