// 简体中文: sentences about recipes of the data workbench (src/recipe), by their English words.
import type { Dictionary } from '../../config/phrase'

export const recipe: Dictionary = {
  'Step {0}, {1}: what a person chose row by row is not kept with the run; open the recipe file that has it.':
    '步骤 {0}“{1}”：由人逐行选择的内容不随训练保存；请打开含有它的配方文件。',
  '{0}: expected a column of the rows ({1}), got {2}. Choose a column.': '{0}：应为数据中的一列（{1}），实际：{2}。请选择一列。',
  'no name': '未命名',
  'augment, pattern {0}: expected {prompt} as its only place, got {1}. Correct it.':
    'augment，模板 {0}：应只含占位符 {prompt}，实际为 {1}。请更正。',
  'augment, synonyms, line {0}: expected a word, = and its synonyms, got {1}. Correct it.':
    'augment，同义词，第 {0} 行：应为一个词、= 和它的同义词，实际为 {1}。请更正。',
  '{0}: expected the name of a file ({1}), got {2}. Name one of them.': '{0}：应为文件名（{1}），实际：{2}。请指定其中一个。',
  'generate-rows, {0}: expected {1}, got {2}. Correct the grammar.': 'generate-rows，{0}：应为{1}，实际：{2}。请更正文法。',
  'line {0}': '第 {0} 行',
  'a name, = and alternatives with | between them': '名称、= 以及用 | 分隔的备选项',
  'slot {0}': '槽位 {0}',
  'a slot that is not inside of itself': '不包含自身的槽位',
  'slots of the grammar ({0})': '文法中的槽位（{0}）',
  'a weight above 0': '大于 0 的权重',
  slots: '槽位',
  'prompt and completion, or text': '以下槽位：prompt 和 completion，或 text',
  'labels: expected a list of at most {0} answers, got something else. Correct the recipe.':
    'labels：应为最多 {0} 个回答的列表，实际不是。请更正配方。',
  'labels: expected answers with row, answer and by (person or model), got {0}. Correct the recipe.':
    'labels：应为含有 row、answer 和 by（person 或 model）的回答，实际为 {0}。请更正配方。',
  '{0}: expected a row on every line, got {1} that are not (line {2}: {3}). Correct them, or leave them out with --skip-bad.':
    '{0}：每行都应是一条数据，实际有 {1} 行不是（第 {2} 行：{3}）。请更正它们，或用 --skip-bad 排除。',
  'older rows: expected rows like the new ones, {0}, got {1}. Rename the columns with the step map-columns of a recipe.':
    '旧数据：应与新数据形式相同，即 {0}，实际为 {1}。请用配方的步骤 map-columns 重命名各列。',
  '{0}: {1} of {2} rows mixed in, fewer than the {3} that were asked for.': '{0}：混入了 {2} 行中的 {1} 行，少于要求的 {3} 行。',
  '{0}: {1} of {2} rows mixed in.': '{0}：混入了 {2} 行中的 {1} 行。',
  '{0}: rows that are not mixed in because they are held out: {1}.': '{0}：因属于留出数据而没有混入的行：{1}。',
  '{0}: rows that are not mixed in because the new rows ask the same: {1}.': '{0}：因与新数据的提问相同而没有混入的行：{1}。',
  '{0}: expected {1}, got {2}. Write the regular expression in another way.': '{0}：应为{1}，实际为{2}。请换一种方式书写正则表达式。',
  '{0}: expected a regular expression, got {1} ({2}). Correct it.': '{0}：应为正则表达式，实际为 {1}（{2}）。请更正。',
  '{0}: expected a recipe in JSON, got other text. Choose a recipe that TabTune wrote.':
    '{0}：应为 JSON 格式的配方，实际是其他文本。请选择由 TabTune 写入的配方。',
  '{0}: expected a recipe ({"tabtuneRecipe": {1}, "steps": […]}), got {2}. Choose a recipe that TabTune wrote.':
    '{0}：应为配方（{"tabtuneRecipe": {1}, "steps": […]}），实际为 {2}。请选择由 TabTune 写入的配方。',
  '{0}: expected the licence as a text of at most 200 characters, got something else. Correct the recipe.':
    '{0}：许可证应为最多 200 个字符的文本，实际不是。请更正配方。',
  '{0}, step {1}': '{0}，步骤 {1}',
  '{0}: expected the name of a step, got {1}. Correct the recipe.': '{0}：应为步骤名称，实际为 {1}。请更正配方。',
  '{0}: expected {1}, got {2}. Correct the recipe.': '{0}：应为 {1}，实际为 {2}。请更正配方。',
  '{0}: expected a digest with count and sha256, got {1}. Correct the recipe.':
    '{0}：应为含有 count 和 sha256 的摘要，实际为 {1}。请更正配方。',
  '{0} e-mail address': '{0} 个电子邮件地址',
  '{0} e-mail addresses': '{0} 个电子邮件地址',
  '{0} account number (IBAN)': '{0} 个银行账号（IBAN）',
  '{0} account numbers (IBAN)': '{0} 个银行账号（IBAN）',
  '{0} card number': '{0} 个银行卡号',
  '{0} card numbers': '{0} 个银行卡号',
  '{0} IP address': '{0} 个 IP 地址',
  '{0} IP addresses': '{0} 个 IP 地址',
  '{0} phone number': '{0} 个电话号码',
  '{0} phone numbers': '{0} 个电话号码',
  '{0}: expected rows, got {1}. Choose another file.': '{0}：应有数据行，实际：{1}。请选择其他文件。',
  'recipe: expected one of the steps {0}, got {1}. Correct the name.': '配方：应为步骤 {0} 之一，实际为 {1}。请更正名称。',
  '{0}: expected to add at most {1} copies, got {2}. Set a smaller number, or take this step on fewer rows.':
    '{0}：最多增加 {1} 份副本，实际为 {2} 份。请设置更小的数值，或对更少的行使用此步骤。',
  'It is a copy.': '它是副本。',
  'rewrites: expected a list of at most {0} rewrites, got something else. Correct the recipe.':
    'rewrites：应为最多 {0} 条改写的列表，实际不是。请更正配方。',
  'rewrites: expected rewrites with row, prompt and name, got {0}. Correct the recipe.':
    'rewrites：应为含有 row、prompt 和 name 的改写，实际为 {0}。请更正配方。',
  'Instruction: expected {prompt} as its only place, got {0}. Correct it.': '指令：应只含占位符 {prompt}，实际：{0}。请更正。',
  'drop-picked: expected a list of at most {0} rows, got something else. Correct the recipe.':
    'drop-picked：应为最多 {0} 行的列表，实际不是。请更正配方。',
  'drop-picked: expected rows as 32 digits of their hash, got {0}. Correct the recipe.':
    'drop-picked：每行应以其哈希值的 32 位数字表示，实际为 {0}。请更正配方。',
  'The column {0} of this file is not one that TabTune wrote, so it is called {1}_2 here.':
    '此文件的列 {0} 不是由 TabTune 写入的，因此在这里称为 {1}_2。',
  'row {0}': '第 {0} 条',
  'a row that was generated from {0}:{1}': '由 {0}:{1} 生成的一行',
  '{0}:{1}': '{0}:{1}',
  '{0}: expected columns with a prompt and an answer, or with a text, got columns whose roles are not known ({1}). Add the step “Name columns” before this one.':
    '{0}：应有提示词列和回答列，或文本列，实际各列（{1}）的用途未知。请在此步骤之前添加步骤“命名列”。',
  '{0} row has a band in common with very many others; it was compared with the {1} likeliest.':
    '{0} 行与非常多的其他行落在同一个桶中；只将它与最相似的 {1} 行作了比较。',
  '{0} rows have a band in common with very many others; each was compared with the {1} likeliest.':
    '{0} 行与非常多的其他行落在同一个桶中；每一行只与最相似的 {1} 行作了比较。',
  'No row has a prompt that the settings change.': '没有哪一行的提示词会被这些设置改变。',
  'Its class has enough rows.': '它所属的类别已有足够的行。',
  'Its prompt is also that of {0}, which has another answer.': '它的提示词与 {0} 相同，但回答不同。',
  'It is the same as {0}.': '它与 {0} 相同。',
  'It cannot be read as the other rows.': '它无法像其他行那样读取。',
  'The prompt is empty.': '提示词为空。',
  'The answer is empty.': '回答为空。',
  'Its prompt is also that of {0} in the other part.': '它的提示词与另一部分中的 {0} 相同。',
  'It resembles {0} in the other part (similarity {1}).': '它与另一部分中的 {0} 相似（相似度 {1}）。',
  'It resembles {0} (similarity {1}).': '它与 {0} 相似（相似度 {1}）。',
  'A person picked it.': '由人工选出。',
  '{0} picked row is not here, or an earlier step has changed it.': '有 {0} 个选出的行不在这里，或已被前面的步骤更改。',
  '{0} picked rows are not here, or an earlier step has changed them.': '有 {0} 个选出的行不在这里，或已被前面的步骤更改。',
  'filter-language: expected codes out of {0}, got {1}. Correct the code.': 'filter-language：应为 {0} 中的代码，实际为 {1}。请更正代码。',
  'Its language is not clear.': '无法判断它的语言。',
  'Its language seems to be {0}.': '它的语言似乎是 {0}。',
  'It is too short: {0} {1}.': '太短：{0} 个{1}。',
  words: '词',
  characters: '字符',
  'It is too long: {0} {1}.': '太长：{0} 个{1}。',
  'The pattern matches.': '与模式匹配。',
  'The pattern does not match.': '与模式不匹配。',
  'The grammar gave only {0} different rows.': '文法只生成了 {0} 个不同的行。',
  'No file is named, so nothing is joined.': '没有指定文件，因此没有连接任何内容。',
  'The first row of {0} with each key is used. Rows that repeat a key: {1}.': '对每个键使用 {0} 中的第一行。键重复的行：{1}。',
  'Its columns went to the rows with its key.': '它的列已并入具有相同键的行。',
  'No row of {0} has its key.': '{0} 中没有具有相同键的行。',
  'A person threw it away.': '由人工丢弃。',
  'Answers of a model are not used for evaluation.': '模型给出的回答不用于评估。',
  '{0} answer is for a row that is not here, or that an earlier step has changed.':
    '有 {0} 个回答所对应的行不在这里，或已被前面的步骤更改。',
  '{0} answers are for rows that are not here, or that an earlier step has changed.':
    '有 {0} 个回答所对应的行不在这里，或已被前面的步骤更改。',
  'map-columns: expected another column for each role, got one column twice. Choose other columns.':
    'map-columns：每个角色应对应不同的列，实际有一列用了两次。请选择其他列。',
  '{0} match of the pattern': '{0} 处与模式匹配',
  '{0} matches of the pattern': '{0} 处与模式匹配',
  '{0} rewrite is of a row that is not here for training, or that an earlier step has changed.':
    '有 {0} 条改写所对应的行不在此处的训练数据中，或已被前面的步骤更改。',
  '{0} rewrites are of rows that are not here for training, or that an earlier step has changed.':
    '有 {0} 条改写所对应的行不在此处的训练数据中，或已被前面的步骤更改。',
  'It was not chosen.': '未被抽中。',
  'split-text: expected a marker before the completion, got none. Write one.': 'split-text：补全之前应有标记，实际没有。请填写一个。',
  '{0} row does not have both markers and stays as it is.': '有 {0} 行不同时含有两个标记，保持原样。',
  '{0} rows do not have both markers and stay as they are.': '有 {0} 行不同时含有两个标记，保持原样。',
  'split: expected a fold from 1 to {0}, the number of folds, got {1}. Choose another fold.':
    'split：应为 1 到 {0}（总折数）之间的折，实际为 {1}。请选择其他折。',
  'split: expected names of files ({0}), got {1}. Write one name per line.': 'split：应为文件名（{0}），实际：{1}。请每行写一个名称。',
  'It was generated, and rows of its group are for evaluation.': '它是生成的，而同组的行用于评估。',
  'It is for training now.': '现在用于训练。',
  'It is for evaluation now.': '现在用于评估。',
  'It was generated ({0}).': '它是生成的（{0}）。',
}
