// 简体中文: settings in the address.
import type { Text } from './en'

export const link: Text['link'] = {
  copy: '复制这些设置的链接',
  help: '链接包含方法及其设置，不含模型或数据的任何内容。',
  copied: '链接已复制。',
  notCopied: '浏览器不允许复制。请改为复制本页的地址。',
  waiting: '此链接含有设置，加载模型后会填入。',
  refused: (names) => `链接中的这些设置在这里无法使用：${names}。`,
}
