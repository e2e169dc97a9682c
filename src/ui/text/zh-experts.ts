// 简体中文: how tokens are divided among experts.
import type { Text } from './en'

export const experts: Text['experts'] = {
  title: '各专家的词元',
  expert: (number) => `专家 ${number}`,
  help: (share) => `每一步中，所有路由器的选择落在各专家上的比例，填充不计。如果各专家使用得同样多，则各占 ${share}。`,
}
