// Names in Hugging Face folders, and what of them is no weight.

/** `model_type` in the words of the model registry: the text part of Gemma 3 is the family. */
export function familyName(modelType: string): string {
  return modelType === 'gemma3_text' ? 'gemma3' : modelType
}

/** A tensor's name as transformers' whole model has it: bare models are saved without `model.`, GPT-2's first files without `transformer.`. */
export function wholeName(family: string, name: string): string {
  if (family === 'gpt2') return /^(wte|wpe|h|ln_f)\./.test(name) ? `transformer.${name}` : name
  return /^(embed_tokens|layers|norm)\./.test(name) ? `model.${name}` : name
}

/** Buffers of old checkpoints that every model computes anew. */
export function isBuffer(family: string, name: string): boolean {
  return (
    /\.rotary_emb\.(inv_freq|cos_cached|sin_cached)$/.test(name) ||
    name.endsWith('.attn.masked_bias') ||
    (family === 'gpt2' && name.endsWith('.attn.bias'))
  )
}

/** The token embedding, which a tied head shares. */
export function embeddingName(family: string): string {
  return family === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight'
}

/** Weights of transformers' Conv1D, which lie as [in, out] in the file. */
export function isConv1d(family: string, name: string): boolean {
  return family === 'gpt2' && /\.(c_attn|c_proj|c_fc)\.weight$/.test(name)
}
