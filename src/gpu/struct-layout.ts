// The numbers in a buffer, by the names that a struct in shaders/ gives them.
import { shaderText } from './shaders'

/** A field of a struct whose fields are numbers of 4 bytes. */
export interface StructField {
  name: string
  type: 'u32' | 'i32' | 'f32'
}

const field = /^(\w+): ([ui]32|f32)$/

/** Fields out of what stands between the braces of struct `name`, without comments. @throws Error naming the file and the field */
export function parseFields(file: string, name: string, body: string): StructField[] {
  return body.split(',').map((part) => {
    const [, found, type] = field.exec(part.trim()) ?? []
    if (!found) throw new Error(`shader ${file}: expected the fields of struct ${name} to be u32, i32 or f32, got "${part.trim()}".`)
    return { name: found, type: type as StructField['type'] }
  })
}

/**
 * The fields of `struct <name>` in a shader file, in the order of the shader.
 * @throws Error naming the file if there is no such struct, or if a field is not a single number: a mistake of ours, not of the person.
 */
export function structFields(file: string, name: string): readonly StructField[] {
  const code = shaderText(file).replace(/ *\/\/.*$/gm, '')
  const body = new RegExp(`^struct ${name} \\{([^}]*)\\}`, 'm').exec(code)?.[1]
  if (body === undefined) throw new Error(`shader ${file}: expected struct ${name}, got none.`)
  return parseFields(file, name, body.replace(/,\s*$/, ''))
}
