// The numbers in a buffer by their names in a struct of shaders/. They are checked against the struct and packed in its order.
import { shaderText } from './shaders'

/** A field of a struct whose fields are numbers of 4 bytes. */
interface StructField {
  name: string
  type: 'u32' | 'i32' | 'f32'
}

export interface StructLayout {
  /** The shader file that declares it. */
  file: string
  name: string
  /** In the order of the shader. */
  fields: readonly StructField[]
}

/** Values by the names of the fields; true and false are 1 and 0 of a u32. */
export type FieldValues = Readonly<Record<string, number | boolean>>

const field = /^(\w+): ([ui]32|f32)$/

/** The fields in the body of struct `name`, without comments. @throws Error naming the file and the field */
export function parseFields(file: string, name: string, body: string): StructField[] {
  return body.split(',').map((part) => {
    const [, found, type] = field.exec(part.trim()) ?? []
    if (!found) throw new Error(`shader ${file}: expected the fields of struct ${name} to be u32, i32 or f32, got "${part.trim()}".`)
    return { name: found, type: type as StructField['type'] }
  })
}

/**
 * The fields of `struct <name>` in a shader file, in the order of the shader.
 * @throws Error naming the file if there is no such struct, or if a field is not a single number. This is our mistake, not the person's.
 */
export function structFields(file: string, name: string): readonly StructField[] {
  const code = shaderText(file).replace(/ *\/\/.*$/gm, '')
  const body = new RegExp(`^struct ${name} \\{([^}]*)\\}`, 'm').exec(code)?.[1]
  if (body === undefined) throw new Error(`shader ${file}: expected struct ${name}, got none.`)
  return parseFields(file, name, body.replace(/,\s*$/, ''))
}

const types = {
  u32: { what: 'a whole number from 0 to 4294967295', fits: (v: unknown) => typeof v === 'boolean' || (whole(v) && v >= 0 && v < 2 ** 32) },
  i32: { what: 'a whole number from -2147483648 to 2147483647', fits: (v: unknown) => whole(v) && v >= -(2 ** 31) && v < 2 ** 31 },
  f32: { what: 'a number', fits: (v: unknown) => typeof v === 'number' && !Number.isNaN(v) },
}

function whole(value: unknown): value is number {
  return Number.isInteger(value)
}

function mismatches({ fields }: StructLayout, values: FieldValues): string[] {
  const wrong = fields
    .filter(({ name, type }) => !types[type].fits(values[name]))
    .map(({ name, type }) => `${name} to be ${type} (${types[type].what}), got ${name in values ? values[name] : 'none'}`)
  const known = new Set(fields.map((f) => f.name))
  const extra = Object.keys(values).filter((name) => !known.has(name))
  return [...wrong, ...extra.map((name) => `no ${name}, got ${values[name]}`)]
}

/**
 * Compares values with what `shader` declares.
 * @throws Error naming the shader and every field that is missing, unknown or of another type. This is our mistake, not the person's.
 */
export function checkValues(shader: string, layout: StructLayout, values: FieldValues): void {
  const { file, name, fields } = layout
  // Most values are right, and no lists are made for them.
  if (fields.every((f) => types[f.type].fits(values[f.name])) && Object.keys(values).length === fields.length) return
  const declared = fields.map((f) => `${f.name}: ${f.type}`).join(', ')
  throw new Error(
    `shader ${shader}: expected ${mismatches(layout, values).join('; ')}. struct ${name} in shaders/${file}.wgsl has ${declared || 'no fields'}.`,
  )
}

/** The words of the struct, a multiple of 16 bytes. @throws as `checkValues` */
export function packValues(shader: string, layout: StructLayout, values: FieldValues): Uint32Array<ArrayBuffer> {
  checkValues(shader, layout, values)
  const u32 = new Uint32Array(Math.max(4, Math.ceil(layout.fields.length / 4) * 4))
  const f32 = new Float32Array(u32.buffer)
  layout.fields.forEach(({ name, type }, i) => {
    const words = type === 'f32' ? f32 : u32
    words[i] = Number(values[name])
  })
  return u32
}
