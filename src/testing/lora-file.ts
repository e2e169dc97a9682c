// A LoRA's folder as PEFT would save it, with values that are random and not small.
import { MemorySource } from '../formats/memory-source'
import { writeSafetensors } from '../formats/safetensors'
import type { Base } from '../peft/method'
import { normals } from './random'

export interface LoraParts {
  config: Record<string, unknown>
  /** Modules with tensors in the file, each with its rank. */
  modules: Readonly<Record<string, number>>
  /** Everything else in the file. */
  more?: { name: string; shape: readonly number[]; data: Float32Array }[]
}

export function loraFolder(base: Base, { config, modules, more = [] }: LoraParts): MemorySource[] {
  const tensors = Object.entries(modules).flatMap(([module, rank], i) => {
    const [out, inputs] = base.sites.get(module) ?? [base.config.vocab, base.config.hidden]
    const tensor = (half: string, shape: readonly [number, number], seed: number) => ({
      name: `base_model.model.${module}.lora_${half}.weight`,
      shape,
      data: normals(seed, shape[0] * shape[1], 0.3),
    })
    return [tensor('A', [rank, inputs], 2 * i + 1), tensor('B', [out, rank], 2 * i + 2)]
  })
  const json = { peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 2, lora_alpha: 4, target_modules: ['q_proj', 'v_proj'], ...config }
  return [
    new MemorySource('adapter_config.json', new TextEncoder().encode(JSON.stringify(json))),
    new MemorySource('adapter_model.safetensors', writeSafetensors([...tensors, ...more])),
  ]
}
