// 简体中文: the choice of the language.
import type { Text } from './en'

export const language: Text['language'] = {
  failed: '无法加载此语言。请检查网络连接，刷新页面后重新选择。',
}
