// The files of CodeGen.
import { say } from '../../config/phrase'
import type { FamilyFiles } from './family-files'
import { gptjFiles, gptjTensors } from './gptj'

export const codegen: FamilyFiles = {
  ...gptjFiles,
  name: 'codegen',
  label: 'CodeGen',
  modelTypes: ['codegen'],
  architecture: 'CodeGenForCausalLM',
  tensors: [...gptjTensors, ['blk.{n}.attn_qkv', 'transformer.h.{n}.attn.qkv_proj']],
  noGguf: say`llama.cpp has no CodeGen`,
}
