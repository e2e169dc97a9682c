// 简体中文: titles of the benchmark's tables (src/config/bench-report.ts), by their English words.
import type { Dictionary } from '../../config/phrase'

export const bench: Dictionary = {
  'What this adapter can do': '此适配器的能力',
  Kernels: '内核',
  'Optimizer steps': '优化器步',
  Goals: '目标',
  '{0}: one micro-batch by kernel': '{0}：一个微批中各内核的用时',
  'Cost of a token with layers': '每词元成本随层数的变化',
  'Cost of a token with length': '每词元成本随长度的变化',
  'Cost of a token with batch': '每词元成本随批大小的变化',
  'Cost of a token with vocabulary': '每词元成本随词表大小的变化',
  'Cost of a token with rank': '每词元成本随秩的变化',
}
