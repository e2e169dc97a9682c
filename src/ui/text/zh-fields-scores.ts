// 简体中文: labels, help and choices of scores, by their English words.

import type { Dictionary } from '../../config/phrase'

export const fields: Dictionary = {
  'The share of answers with the right label, and the mean F1 of the labels. Case and a full stop at the end do not count.':
    '标签正确的回答所占比例，以及各标签的平均 F1。不考虑大小写和末尾的句号。',
  Classification: '分类',
  Accuracy: '准确率',
  'Macro F1': '宏平均 F1',
  'The share of answers that equal the expected one, apart from white space at the ends.': '与期望答案相同的回答所占比例，忽略首尾空白。',
  'The share of answers whose final number (behind ####, otherwise the last one) equals the expected one.':
    '最终数字与期望相同的回答所占比例（#### 之后的数字，没有时取最后一个）。',
  'Final number': '最终数字',
  'Micro F1 over the act and each slot with its values, in any order. An answer that is no functional representation has none of them.':
    '动作以及各槽位及其值的微平均 F1，不考虑顺序。不是函数式表示的回答计为一项都没有。',
  'Functional representation': '函数式表示',
  'Field F1': '字段 F1',
  'All fields right': '所有字段都正确',
  'Answers in the right form': '形式正确的回答',
  'Micro F1 over the values of the JSON, each with its place. The order of keys and of list items does not count. An answer that is no JSON has none.':
    'JSON 中各个值（连同其位置）的微平均 F1。不考虑键和列表项的顺序。不是 JSON 的回答计为一项都没有。',
  'JSON fields': 'JSON 字段',
  'JSON field F1': 'JSON 字段 F1',
  'All JSON fields right': '所有 JSON 字段都正确',
  'Valid JSON': '有效的 JSON',
  'The share of queries that give the same rows as the expected one when they are executed on the tables in the prompt (CREATE TABLE, and INSERT if there is one). The order of the rows counts if the expected query has ORDER BY.':
    '在提示词中的表（CREATE TABLE，以及可能有的 INSERT）上执行后，与期望查询得到相同行的查询所占比例。如果期望查询含有 ORDER BY，则考虑行的顺序。',
  'The share of queries that are the same in normal form, and micro F1 over their parts: columns, tables, conditions, groups, order, limit. The queries are not executed.':
    '规范化后相同的查询所占比例，以及各部分（列、表、条件、分组、排序、限制）的微平均 F1。不执行查询。',
  'How many words the answer shares with the expected one, in any order: the mean F1 of the rows.':
    '回答与期望答案共有多少词，不考虑顺序：各行 F1 的平均值。',
  'The longest sequence of words that the answer has in common with the expected one: the mean F1 of the rows. Of each text, the first 2000 words count.':
    '回答与期望答案共有的最长词序列：各行 F1 的平均值。每段文本只计前 2000 个词。',
  'SQL result': 'SQL 结果',
  'SQL result right': 'SQL 结果正确',
  'Queries that run': '能执行的查询',
  'SQL right': 'SQL 正确',
  'SQL part F1': 'SQL 各部分 F1',
  'Answers that are queries': '是查询的回答',
  'Word F1': '词 F1',
}
