// CodeGen: GPT-J with one linear layer for queries, values and keys, in four parts as it was trained on four chips (transformers
// modeling_codegen.py).
import { codegen as files } from '../formats/families/codegen'
import { decoderFamily } from './decoder-family'
import { gptjKind } from './gptj'

export const codegen = decoderFamily({ ...gptjKind, files, names: { ...gptjKind.names, qkv: 'attn.qkv_proj' }, joined: 'quarters' })
