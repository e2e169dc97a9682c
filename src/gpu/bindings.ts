// Compares the tensors of a launch with the buffers that the kernel's shader declares.
import type { Kernel } from './kernel'
import { shaderText } from './shaders'

/** A tensor that a launch binds. */
interface Bound {
  label: string
  dtype: 'f32' | 'u32' | 'i32'
}

interface Binding {
  place: number
  name: string
  /** Type of the numbers; undefined for structs, and for packed weights, whose words their format's snippet reads. */
  dtype: Bound['dtype'] | undefined
}

const declaration = /@binding\((\d+)\) var<storage, read(?:_write)?> (\w+): (?:array<)?(?:vec[24]<)?(\w+)/g
const dtypes: Readonly<Record<string, Bound['dtype']>> = { f32: 'f32', u32: 'u32', i32: 'i32', Vector: 'f32' }

/** The buffers that a shader's text declares, in its order. */
export function parseBindings(text: string): Binding[] {
  const found = text.replace(/\/\/.*$/gm, '').matchAll(declaration)
  return [...found].map(([, place, name, type]) => ({ place: Number(place), name, dtype: dtypes[type] }))
}

const byFile = new Map<string, readonly Binding[]>()

function bindingsIn(file: string): readonly Binding[] {
  const known = byFile.get(file) ?? parseBindings(shaderText(file))
  byFile.set(file, known)
  return known
}

/** Bindings 1, 2, … of a kernel, from its file and the snippets in front of it. */
function bindingsOf({ file, parts = [] }: Kernel): readonly Binding[] {
  return [...parts, file].flatMap(bindingsIn).sort((a, b) => a.place - b.place)
}

/**
 * Compares the tensors of a launch with the bindings that the kernel's shader declares.
 * @throws Error naming the shader if their count or the type of their numbers differs. This is our mistake, not the person's.
 */
export function checkBindings(kernel: Kernel, tensors: readonly Bound[]): void {
  const bindings = bindingsOf(kernel)
  if (bindings.length !== tensors.length)
    throw new Error(
      `shader ${kernel.file}: expected ${bindings.length} tensors (${bindings.map((b) => b.name).join(', ')}), got ${tensors.length} (${tensors.map((t) => t.label).join(', ')}).`,
    )
  const wrong = bindings.flatMap(({ name, dtype }, i) =>
    dtype && dtype !== tensors[i].dtype ? [`${name} to be ${dtype}, got ${tensors[i].label}, which is ${tensors[i].dtype}`] : [],
  )
  if (wrong.length) throw new Error(`shader ${kernel.file}: expected ${wrong.join('; ')}.`)
}
