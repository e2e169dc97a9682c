// 简体中文: the benchmark.
import type { Text } from './en'

export const bench: Text['bench'] = {
  title: '测量这块 GPU',
  lead: '测量此浏览器和图形适配器执行训练所需运算的速度，并与适配器的最高能力比较。所用模型的权重是随机的，不会下载或发送任何内容。',
  link: '测量这块 GPU',
  only: '仅测量',
  onlyHelp: '名称中的部分文字，用逗号分隔：NF4, attention, s260k。留空则测量全部。',
  extent: '测量内容',
  extents: { models: '训练真实模型', quick: '内核与小模型', whole: '全部', size: '成本随规模的变化' },
  extentHelp: {
    models:
      '最多两分钟。在时间和 5 GiB 显存允许的范围内，训练形状与真实模型相同的模型（1.35 亿、5 亿和 10 亿参数），并显示训练步各部分的用时以及受什么限制。',
    quick: '需要一两分钟。',
    whole: '在真实 GPU 上包括最多十亿参数的模型，需要数分钟时间和数 GB 显存。',
    size: '显示每个词元的训练成本如何随层数、长度、批大小、词表或秩增长，并列出按运算量推算的成本。',
  },
  sizes: '成本随规模的变化',
  measured: '实测',
  counted: '推算',
  perToken: (unit) => `每词元 ${unit}`,
  start: '开始测量',
  stop: '停止',
  measuring: '正在测量',
  stopped: '已停止。表格显示此前测得的结果。',
  software: '这是在处理器上运行的软件适配器。测量全部内容需要几分钟。',
  markdown: '复制为 Markdown',
  json: '复制为 JSON',
  copied: '已复制。',
  file: {
    make: '生成结果文件',
    title: '结果文件',
    help: '文件只会写到你保存的位置，不会发送任何内容。文件内容就是下面的文字。',
    device: '设备名称',
    deviceHelp: '许多浏览器不会说明所用的 GPU。例如：M2 笔记本电脑，16 GB。可以留空。',
    content: '文件内容',
    save: '保存',
  },
  notCopied: '浏览器不允许复制。',
}
