// The browser's languages decide which of ours a new reader gets.
import { expect, it } from 'vitest'
import { languageOf } from './language'

it.each([
  [['zh-CN', 'en'], 'zh'],
  [['zh-Hant-TW'], 'zh'],
  [['ZH_cn.UTF-8'], 'zh'],
  [['de-DE', 'zh', 'en'], 'zh'],
  [['en-US@posix', 'zh'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
])('%j reads %s', (wanted, language) => expect(languageOf(wanted)).toBe(language))
