// 简体中文: earlier conversations of the chat.
import type { Text } from './en'

export const chats: Text['chats'] = {
  title: '以往的对话',
  lead: (most) =>
    `保存在此浏览器中，最多 ${most} 段、16 MiB。超过 16 MiB 时，先删除最早对话的词元概率；仍然超出或超过 ${most} 段时，删除最早的对话。`,
  turns: (count) => `${count} 轮`,
  current: '当前对话',
  open: '打开',
  openOf: (prompt) => `打开对话“${prompt}”`,
  remove: '删除',
  removeOf: (prompt) => `删除对话“${prompt}”`,
  removeTitle: '删除这段对话？',
  removeBody: (prompt) => `将从此浏览器中删除以“${prompt}”开头的对话。`,
  removeAll: '全部删除',
  removeAllTitle: '删除所有对话？',
  removeAllBody: (count, withCurrent) => `将从此浏览器中删除 ${count} 段对话${withCurrent ? '，包括当前对话' : ''}。`,
  all: (count) => `显示全部 ${count} 段`,
  unreadable: (count) => `有 ${count} 段对话无法读取：已损坏，或由其他版本的 TabTune 写入。“全部删除”也会删除它们。`,
  readingTitle: '以往的一段对话',
  with: (name) => `模型：${name}`,
  otherModel: (name) => `这段对话使用的模型是 ${name}。可以在此阅读；打开该模型后即可继续。`,
  openModel: (name) => `打开 ${name}`,
  goOn: '继续这段对话',
  close: '关闭',
}
