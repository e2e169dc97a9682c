// 简体中文: whether the base on the GPU is still the one that was uploaded.
import type { Text } from './en'

export const baseCheck: Text['baseCheck'] = {
  start: '检查基座是否未变',
  again: '再次检查基座',
  help: '从 GPU 读回基座的全部权重，并将其 SHA-256 与上传时的字节比较。',
  busy: '正在训练。训练结束后即可检查基座。',
  same: (sum, tensors, size, seconds, at) =>
    `GPU 上的基座模型权重与打开时完全相同：SHA-256 为 ${sum}（${tensors} 个张量，${size}，于 ${at} 用 ${seconds} 秒读回）。`,
  sameReloaded: (sum, tensors, size, seconds, at) =>
    `GPU 上的基座模型权重与最近一次上传时完全相同：SHA-256 为 ${sum}（${tensors} 个张量，${size}，于 ${at} 用 ${seconds} 秒读回）。`,
  reloaded: '打开模型之后，由于显卡设备丢失，或为其他类别重新建立了输出层，权重曾从相同的文件再次上传。',
  putBack: (tensors) => `其中 ${tensors} 个张量曾离开 GPU，由训练用自己的副本代替，之后又从文件重新读入。`,
  changed: (changed, tensors, names) =>
    `GPU 上的基座模型权重与上传时不同：${tensors} 个张量中有 ${changed} 个不一致（${names}）。请重新打开模型。如果再次出现，请附上诊断信息报告此问题。`,
  trainedSince: '此次检查之后又进行过训练。',
  whole: '完整校验和',
}
