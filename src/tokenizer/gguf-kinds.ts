// Names in `tokenizer.ggml.model` of the kinds of tokenizers that TabTune reads and writes.

export const ggufKinds = { byteLevel: 'gpt2', sentencePiece: 'llama' } as const

/** Both, for sentences. */
export const knownGgufKinds = Object.values(ggufKinds).join(' or ')
