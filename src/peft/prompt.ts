// A prompt as PEFT saves it: `prompt_embeddings` [P, width]. It is trained directly, or made by an encoder that is not needed afterwards.
import { type Phrase, say } from '../config/phrase'
import type { Recorder } from '../tensor/recorder'
import type { Tensor } from '../tensor/tensor'
import { type Encoder, recordedNetwork } from './encoder'
import { declare } from './initial'
import type { MethodHooks, NamedTensor, SetUp } from './method'
import { normal, randomSource } from './random'

export const promptKey = 'prompt_embeddings'

/** Whether the adapter holds only a prompt, without the encoder that made it. */
const alone = (initial: ReadonlyMap<string, NamedTensor>) => initial.size === 1 && initial.has(promptKey)

/** A notice if the encoder that made the prompt in `initial` is not in its files. */
export function promptNotice(label: string, initial: ReadonlyMap<string, NamedTensor> | undefined): Phrase | undefined {
  if (!initial || !alone(initial)) return undefined
  return say`${label}: the adapter has no trainable.safetensors with the network that made its prompt. Training continues with the prompt itself.`
}

interface Prompt {
  /** [P, width], as a pass reads it. */
  prompt(r: Recorder): Tensor
  /** As in MethodHooks, if an encoder makes the prompt. */
  made?: MethodHooks['made']
}

/**
 * Declares the prompt [rows, width]. The prompt is a parameter (standard normal at the start, as nn.Embedding) in three cases: there is no
 * encoder; a file holds only the prompt, so training continues with it; or a file holds the prompt and nothing is trained.
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
