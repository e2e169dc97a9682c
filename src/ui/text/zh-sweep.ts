// 简体中文: the learning-rate sweep, and how much a run does.
import type { Text } from './en'

export const sweep: Text['sweep'] = {
  start: '寻找学习率',
  help: '以八个学习率各运行 30 步，每次都从同样的权重和同样的行开始。用时相当于 240 步。',
  curves: '损失随步数的变化，每个学习率一条曲线',
  unstable: (why) => `不稳定：${why}`,
  mean: (loss) => `末段平均损失 ${loss}`,
  step: (step, steps) => `第 ${step} 步，共 ${steps} 步`,
  suggested: '· 推荐',
  suggestion: (rate) => `推荐的学习率：${rate}。`,
  take: (rate) => `采用 ${rate}`,
  none: '没有稳定的学习率。请裁剪梯度，或换一种方法。',
  confirmed: (run, loss) => `已证实：${run} 使用了此学习率，最后的损失为 ${loss}，不高于搜索时的损失。`,
  higher: (run, loss, expected) => `未证实：${run} 使用了此学习率，最后的损失为 ${loss}，而搜索时为 ${expected}。请尝试更小的学习率。`,
}

export const efforts: Text['efforts'] = {
  title: '训练的充分程度',
  names: { fast: '快速', balanced: '均衡', thorough: '充分' },
  help: {
    fast: '一轮，仅在训练前后评估。',
    balanced: '三轮，每 50 步评估一次。',
    thorough: '六轮，余弦调度，预热更长，每 25 步评估一次。',
  },
  simple: '只显示最重要的设置',
}
