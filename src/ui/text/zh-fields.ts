// 简体中文: labels, help, choices and summaries, by their English words. A test finds them in the sources (zh.test.ts).
import type { Dictionary } from '../../config/phrase'
import { fields as bench } from './zh-fields-bench'
import { fields as methods } from './zh-fields-methods'
import { fields as recipes } from './zh-fields-recipes'
import { fields as scores } from './zh-fields-scores'
import { fields as settings } from './zh-fields-settings'

export const fields: Dictionary = { ...bench, ...settings, ...methods, ...recipes, ...scores }
