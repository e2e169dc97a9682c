// The text of every kernel by its path under shaders/, without the file's ending: `matmul`, `quant/q4_0`, `common/index`.
const files = import.meta.glob('../../shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true }) as Record<string, string>

const prefix = '../../shaders/'

/** Names of all shader files. */
export const shaderNames: readonly string[] = Object.keys(files).map((path) => path.slice(prefix.length, -'.wgsl'.length))

/** The text of a shader file. @throws Error naming the file. This is our mistake, not the person's. */
export function shaderText(name: string): string {
  const text = files[`${prefix}${name}.wgsl`]
  if (text === undefined) throw new Error(`shader ${name}: expected shaders/${name}.wgsl, which does not exist.`)
  return text
}
