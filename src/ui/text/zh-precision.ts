// 简体中文: what fast products cost and save in a run.
import type { Text } from './en'

export const precision: Text['precision'] = {
  start: '比较精确乘法与快速乘法',
  help: (steps) => `分别用精确乘法和快速乘法运行本次训练的前 ${steps} 步。训练出的内容不会保留。`,
  lacking: '此显卡设备不支持 f16 计算（shader-f16），因此只用精确乘法。',
  names: { exact: '精确', fast: '快速' },
  now: (name, step, steps) => `${name}：第 ${step} 步，共 ${steps} 步…`,
  step: (time) => `每步 ${time}`,
  loss: (loss) => `末尾损失 ${loss}`,
  take: (name) => `采用“${name}”`,
  price: (share, gap, step, steps) =>
    `使用快速乘法时，每步用时是精确乘法的 ${share}。在前 ${steps} 步中，损失最多相差 ${gap}（第 ${step} 步）。`,
  seeds: '要判断这个差别是否重要，可以用多个随机种子做比较：换一个种子也会改变损失。',
}
