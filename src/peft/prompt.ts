// A prompt as PEFT keeps it: `prompt_embeddings` [P, width], trained by itself or made by an encoder that is dropped afterwards.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { type Encoder, hostNetwork, recordedNetwork } from './encoder'
import { checkInitial, declare } from './initial'
import type { NamedTensor, SetUp } from './method'
import { normal, randomSource } from './random'

export const promptKey = 'prompt_embeddings'

/** What an encoder makes of given parameters, as the adapter's file holds it; undefined where the prompt itself was trained. */
export function exportedPrompt(
  tensors: ReadonlyMap<string, NamedTensor>,
  encoder: Encoder | undefined,
): ReadonlyMap<string, NamedTensor> | undefined {
  if (!encoder || tensors.has(promptKey)) return undefined
  checkInitial(tensors, encoder.parameters)
  const { columns, values } = encoder.encode(hostNetwork(tensors))
  return new Map([[promptKey, { shape: [values.length / columns, columns], values: Float32Array.from(values) }]])
}

/** What to say where an encoder made `initial` and did not come with it. */
export function promptNotice(label: string, initial: ReadonlyMap<string, NamedTensor> | undefined): string | undefined {
  if (!initial?.has(promptKey)) return undefined
  return `${label}: the adapter has no trainable.safetensors, so the network that made its prompt is gone. The prompt itself is trained on.`
}

/**
 * Declares the prompt [rows, width] and gives it as a recorded tensor. It is its own parameter (standard normal at the start, as nn.Embedding)
 * without an encoder, where a file holds nothing else (then the encoder is gone, and the prompt itself is trained on), and where nothing is trained.
 */
export function declarePrompt(context: SetUp, [rows, width]: readonly [number, number], encoder?: Encoder): (r: Recorder) => Tensor {
  const { parameters, seed, stepState } = context
  const derived = !parameters.training && context.initial ? exportedPrompt(context.initial, encoder) : undefined
  const initial = derived ?? context.initial
  if (!encoder || initial?.has(promptKey)) {
    const fresh = () => normal(randomSource(seed, promptKey), rows * width, 1)
    const prompt = declare({ parameters, initial }, [{ name: promptKey, shape: [rows, width], decay: true, fresh }]).get(promptKey)!
    return () => prompt
  }
  const tensors = declare({ parameters, initial }, encoder.parameters)
  return (r) => encoder.encode(recordedNetwork(r, tensors, stepState, parameters.training))
}
