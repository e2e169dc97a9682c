// A prompt as PEFT keeps it: `prompt_embeddings` [P, width], trained by itself or made by an encoder that is dropped afterwards.
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { type Encoder, recordedNetwork } from './encoder'
import { declare } from './initial'
import type { MethodHooks, NamedTensor, SetUp } from './method'
import { normal, randomSource } from './random'

export const promptKey = 'prompt_embeddings'

/** An adapter of a prompt alone: the encoder that made it is gone. */
const alone = (initial: ReadonlyMap<string, NamedTensor>) => initial.size === 1 && initial.has(promptKey)

/** What to say where an encoder made `initial` and did not come with it. */
export function promptNotice(label: string, initial: ReadonlyMap<string, NamedTensor> | undefined): string | undefined {
  if (!initial || !alone(initial)) return undefined
  return `${label}: the adapter has no trainable.safetensors, so the network that made its prompt is gone. The prompt itself is trained on.`
}

interface Prompt {
  /** [P, width], as a pass reads it. */
  prompt(r: Recorder): Tensor
  /** As in MethodHooks, where an encoder makes the prompt. */
  made?: MethodHooks['made']
}

/**
 * Declares the prompt [rows, width]. It is its own parameter (standard normal at the start, as nn.Embedding) without an encoder, where a
 * file holds nothing else (then the prompt itself is trained on), and where a file holds it and nothing is trained.
 */
export function declarePrompt(context: SetUp, [rows, width]: readonly [number, number], encoder?: Encoder): Prompt {
  const { parameters, seed, stepState, initial } = context
  const given = initial?.get(promptKey)
  if (!encoder || (initial && alone(initial)) || (given && !parameters.training)) {
    const fresh = () => normal(randomSource(seed, promptKey), rows * width, 1)
    const from = encoder && given ? new Map([[promptKey, given]]) : initial
    const prompt = declare({ parameters, initial: from }, [{ name: promptKey, shape: [rows, width], decay: true, fresh }]).get(promptKey)!
    return { prompt: () => prompt }
  }
  const trained = initial && new Map([...initial].filter(([name]) => name !== promptKey))
  const tensors = declare({ parameters, initial: trained }, encoder.parameters)
  const prompt = (r: Recorder) => encoder.encode(recordedNetwork(r, tensors, stepState))
  return { prompt, made: (r) => new Map([[promptKey, prompt(r)]]) }
}
