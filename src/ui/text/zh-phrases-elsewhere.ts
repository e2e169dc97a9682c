// 简体中文: sentences about runs that continue in other engines.
import type { Dictionary } from '../../config/phrase'

export const elsewhere: Dictionary = {
  'export-run: expected a run that another engine can train, got one that none of them can. {0}':
    'export-run：应为其他引擎能够训练的训练，但没有引擎能训练它。{0}',
  'The run starts from singular vectors (PiSSA), and the scripts start from the adapter’s file only. Train with A random, B zero to export the run.':
    '该训练从奇异向量（PiSSA）开始，而脚本只能从适配器文件开始。要导出训练，请用“A 随机，B 为零”重新训练。',
  'The run trains rows of single tokens, which the scripts do not do. Train without new tokens to export the run.':
    '该训练会训练单个词元的行，脚本不支持。要导出训练，请在不添加新词元的情况下重新训练。',
  'The run trains {0}, and transformers keeps the experts of a block in one tensor. Leave experts and routers out of the target modules to export the run.':
    '该训练会训练 {0}，而 transformers 把一个块的所有专家放在同一个张量中。要导出训练，请从目标模块中去掉专家和路由器。',
  'Models that sort pictures are trained in TabTune only.': '对图片分类的模型只能在 TabTune 中训练。',
  'PEFT has no {0}.': 'PEFT 没有 {0}。',
  'PEFT has no {0} for {1} models.': 'PEFT 没有用于 {1} 模型的 {0}。',
  'The run’s optimizer keeps its states in 8 bits, and the scripts have AdamW with 32 bits. Train with the optimizer AdamW to export the run.':
    '该训练的优化器以 8 位保存状态，而脚本使用 32 位的 AdamW。要导出训练，请用优化器 AdamW 重新训练。',
  'The base is a GGUF file, so its weights are written out as the run computes with them.':
    '基座是 GGUF 文件，因此按训练实际使用的数值写出其权重。',
  'The base’s folder holds quantised weights, so they are written out as the run computes with them.':
    '基座文件夹中是量化的权重，因此按训练实际使用的数值写出。',
  'The base precision is {0}, so the weights are written out as the run computes with them.':
    '基座精度为 {0}，因此按训练实际使用的数值写出权重。',
  'The base has no folder, so its weights are written out.': '基座没有文件夹，因此写出其权重。',
}
