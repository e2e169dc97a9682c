// 简体中文: numbers, times and lists.
import type { numbers as english } from './en-numbers'

export const numbers: typeof english = {
  number: {
    missing: (whole) => `请输入一个${whole ? '整数' : '数'}。`,
    bounds: (whole, min, max) => `请输入 ${min} 到 ${max} 之间的${whole ? '整数' : '数'}。`,
    readAs: (text, number) => `${text} 读作 ${number}。`,
    noWhole: (text, example) => `“${text}”不是数。请输入 ${example} 这样的整数。`,
    none: (text, example, other) => `“${text}”不是数。请输入 ${example}${other && ` 或 ${other}`} 这样的数。`,
    either: (text, one, other) => `${text} 可能是 ${one} 或 ${other}。请写明是哪一个。`,
  },
  time: {
    milliseconds: (ms) => `${ms} 毫秒`,
    seconds: (s) => `${s} 秒`,
    minutes: (m, s) => `${m} 分 ${s} 秒`,
    hours: (h, m) => `${h} 小时 ${m} 分`,
  },
  listed: (names) => names.join('、'),
  labelled: (label, value) => `${label}：${value}`,
  ended: (words) => `${words}。`,
  inBrackets: (unit) => `（${unit}）`,
  together: (sentences) => sentences.join(''),
}
