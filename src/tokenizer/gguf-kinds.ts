// What `tokenizer.ggml.model` calls the kinds of tokenizers that are read and written here.

export const ggufKinds = { byteLevel: 'gpt2', sentencePiece: 'llama' } as const

/** Both, for sentences. */
export const knownGgufKinds = Object.values(ggufKinds).join(' or ')
