// The methods. A new method is a file, and a line here.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { cocoop } from './cocoop'
import { coop } from './coop'
import { linearProbe } from './linear-probe'
import { llamaAdapter } from './llama-adapter'
import { bitfit } from './bitfit'
import { bottleneckAdapter } from './bottleneck-adapter'
import { dora } from './dora'
import { full } from './full'
import { ia3 } from './ia3'
import { lnTuning } from './ln-tuning'
import { lora } from './lora'
import { loraMoe } from './lora-moe'
import type { Method } from './method'
import { pTuning } from './p-tuning'
import { pTuningV2 } from './p-tuning-v2'
import { prefixTuning } from './prefix-tuning'
import { promptTuning } from './prompt-tuning'
import { qlora } from './qlora'
import { topLayers } from './top-layers'
import { vpt } from './vpt'

/** Methods that serve models that write text, and some of them also models that see pictures. */
export const methods: readonly Method[] = [
  lora,
  qlora,
  dora,
  ia3,
  promptTuning,
  pTuning,
  prefixTuning,
  pTuningV2,
  llamaAdapter,
  bottleneckAdapter,
  loraMoe,
  bitfit,
  lnTuning,
  topLayers,
  full,
]

/** Methods that serve only models that see pictures. */
const pictureMethods: readonly Method[] = [linearProbe, vpt, coop, cocoop]

export const everyMethod: readonly Method[] = [...methods, ...pictureMethods]

/** A method by its name. @throws UnsupportedError naming the existing ones */
export function methodNamed(name: string): Method {
  const method = everyMethod.find((m) => m.name === name)
  if (!method)
    throw new UnsupportedError(say`method: expected one of ${everyMethod.map((m) => m.name).join(', ')}, got ${name}. Choose one of them.`)
  return method
}

/** The method that reads an adapter_config.json. @throws UnsupportedError naming the known values of `peft_type` */
export function methodOfConfig(config: Readonly<Record<string, unknown>>): Method {
  const method = everyMethod.find((m) => (m.recognises ? m.recognises(config) : m.peftType === config.peft_type))
  if (!method && config.peft_type === undefined && ('lora_parameters' in config || 'fine_tune_type' in config))
    throw new UnsupportedError(
      say`adapter_config.json: expected an adapter of PEFT or TabTune, got one of MLX. Fuse it into its base with mlx_lm.fuse, without quantisation, and load the fused folder as a model.`,
    )
  if (!method)
    throw new UnsupportedError(
      say`adapter_config.json: expected peft_type to be one of ${[...new Set(everyMethod.map((m) => m.peftType))].join(', ')}, got ${config.peft_type === undefined ? say`none` : String(config.peft_type)}. Choose another adapter.`,
    )
  return method
}
