// 简体中文: what the empty page shows, the end of the demo, and the guide for a person's own files.

import type { Text } from './en'

export const gets: Text['gets'] = {
  title: '能得到什么',
  lead: '以下数字来自演示。',
  curve: '训练时的实时曲线',
  curveHelp: (steps, from, to) => `前 ${steps} 步中，训练损失从 ${from} 降到 ${to}。开始训练前，本页会显示所需的显存。`,
  curveLabel: (from, to) => `训练损失，从 ${from} 到 ${to}`,
  answers: '学会了示例的模型',
  answersHelp: (before, after, rows) => `在 ${rows} 个没有见过的同类句子中，训练前译对 ${before} 个，训练后译对 ${after} 个。`,
  files: '归自己所有的文件',
  filesHelp: 'PEFT 可以加载此文件夹，llama.cpp 可以加载 GGUF 文件。',
}

export const demoEnd: Text['demoEnd'] = {
  examples: '训练前后对留出行的回答',
  fullList: '全部回答',
  download: '下载适配器',
  base: (bytes) => `下载基座模型（${bytes}）`,
  baseHelp: '在别处使用适配器时，还需要它的基座模型。',
  own: '用自己的文件训练',
}

export const guide: Text['guide'] = {
  title: '第一个适配器',
  begin: '用自己的文件，按步骤进行',
  leave: '退出引导',
  names: { model: '模型', data: '数据', start: '开始', training: '训练', done: '适配器' },
  model:
    '选择一个 GGUF 文件，或 Hugging Face 模型的文件夹。建议从小模型开始，例如 SmolLM2-135M-Instruct（huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct）。也可以把文件拖到本页任意位置。',
  data: '选择一个含有示例的文件。最简单的形式是每行一个示例：',
  dataExample: '{"prompt": "法国的首都是哪里？", "completion": "巴黎"}',
  start: '所有设置都有合理的初始值，LoRA 很适合入门。直接按下按钮，或在下方按需更改。',
  training: '正在训练适配器。可以观察损失、暂停，或停止并保留当前的适配器。',
  folded: (step) => `第一个适配器：${step}`,
  close: '关闭引导',
  blockedBy: (what) => `还不能开始训练：${what}。`,
  blocked: (why) => `还不能开始训练。${why}。`,
  watch: '查看曲线',
  goOn: '继续',
  done: (name) => `${name} 已得到适配器，保存在此浏览器中。`,
  again: '再训练一个',
}
