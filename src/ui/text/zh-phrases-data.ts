// 简体中文: sentences about datasets (src/data), by their English words.
import type { Dictionary } from '../../config/phrase'

export const data: Dictionary = {
  'turn {0}: {1}': '第 {0} 轮消息：{1}',
  '{0}: expected {1} rows for training with an answer, to be solved examples, got {2}. Take fewer examples.':
    '{0}：应有 {1} 行带回答的训练数据用作示例，实际为 {2} 行。请减少示例数量。',
  '{0}: expected rows with a prompt and an answer, got plain texts or token ids. Choose other data.':
    '{0}：应为带提示词和回答的行，实际是纯文本或词元 id。请选择其他数据。',
  '{0}, line {1}: {2}': '{0}，第 {1} 行：{2}',
  '{0} solved examples: with them, the prompt of {1}, line {2}, has {3} tokens, and with {4} for the answer that is more than the model’s context of {5}. Take fewer examples, or allow shorter answers.':
    '{0} 个示例：加上它们之后，{1} 第 {2} 行的提示词有 {3} 个词元，再加上回答的 {4} 个，超过了模型的上下文长度 {5}。请减少示例数量，或缩短允许的回答。',
  'prompt template': '提示词模板',
  separator: '分隔文字',
  'no chat template': '不使用对话模板',
  'Tokens that the way of asking adds to each row ({0}): {1}.': '提问方式给每行增加的词元数（{0}）：{1}。',
  'Tokens that the way of asking adds to each row ({0}): {1} to {2}.': '提问方式给每行增加的词元数（{0}）：{1} 到 {2}。',
  'its prompt of {0} tokens fills the maximum length of {1}, so nothing is left to train on':
    '提示词的 {0} 个词元占满了最大长度 {1}，没有内容可供训练',
  'line {0}: {1}': '第 {0} 行：{1}',
  '{0} rows that cannot be used ({1}; …)': '{0} 行不可用的数据（{1}；…）',
  '1 row that cannot be used ({0})': '1 行不可用的数据（{0}）',
  '{0} rows that cannot be used ({1})': '{0} 行不可用的数据（{1}）',
  'longer than {0} MiB': '超过 {0} MiB',
  'the file ends inside the JSON array': '文件在 JSON 数组内部就结束了',
  'text after the end of the JSON array': 'JSON 数组结束后还有文本',
  '{0}, line {1}: expected the row that was read before, got other bytes. The file has changed since it was read. Choose it again.':
    '{0}，第 {1} 行：应为之前读到的行，实际字节不同。文件在读取之后发生了变化。请重新选择它。',
  '{0}: expected a file that can be read, got {1}. The file was changed or moved, or is in use. Choose it again.':
    '{0}：应为可读取的文件，实际为 {1}。文件已更改、被移动或正在使用。请重新选择它。',
  '{0}, line {1}: expected a prompt of at most {2} tokens, got one of {3}. Shorten the prompt, or leave the row out.':
    '{0}，第 {1} 行：提示词最多 {2} 个词元，实际为 {3} 个。请缩短提示词，或去掉该行。',
  'it has {0} token, and training needs 2': '它只有 {0} 个词元，而训练至少需要 2 个',
  'only its first token is marked for training, and nothing precedes it': '只有第一个词元标记为参与训练，而它之前没有内容',
  'no token in it is marked for training': '没有词元标记为参与训练',
  'the chat template does not show where the answer begins and ends': '无法从对话模板看出回答的起止位置',
  'messages: expected one user turn, because this model is asked without a chat template, got {0}. Send one user turn.':
    'messages：此模型的提问不使用对话模板，因此应为一条 user 消息，实际：{0}。请发送一条 user 消息。',
  'prompt: expected the chat template that the answers were trained with, got a base model without a template. Ask with the prompt as it is, or load the base model with its template.':
    '提示词：应有训练回答时所用的对话模板，实际加载的基座模型没有模板。请直接用提示词原文提问，或加载带有其模板的基座模型。',
  'The chat template does not accept this prompt: {0}. Change the prompt, or ask with the prompt as it is.':
    '对话模板不接受这条提示词：{0}。请更改提示词，或直接用提示词原文提问。',
  'dataset: expected the column {0}, got first rows without it. Choose columns that the dataset has.':
    '数据集：应有列 {0}，实际前几行中没有。请选择数据集中存在的列。',
  'dataset: expected a column for the text, a column for the turns, or columns for the prompt and the completion, got only part of this. Choose the missing column.':
    '数据集：应有文本列、对话列，或者提示词列和补全列，实际只有其中一部分。请选择缺少的列。',
  'text, prompt and completion, instruction and output, messages, conversations or input_ids':
    '这些列：text、prompt 和 completion、instruction 和 output、messages、conversations 或 input_ids',
  'columns for the format {0}': '格式 {0} 所需的列',
  'dataset: expected {0}, got columns {1}. Say which column is the prompt and which the completion.':
    '数据集：应为{0}，实际的列为 {1}。请指定哪一列是提示词，哪一列是补全。',
  'dataset: expected {0}, got rows without columns. Choose another file.': '数据集：应为{0}，实际各行没有列。请选择其他文件。',
  'dataset: expected the turns of a conversation in one list, got one turn per row (columns role and {0}). Put each conversation into one row: {"messages": [turn, turn, …]}.':
    '数据集：一段对话的所有消息应在同一个列表中，实际每行一条消息（列 role 和 {0}）。请把每段对话放在一行中：{"messages": [turn, turn, …]}。',
  'These are preference pairs. TabTune trains on the chosen answers; the rejected ones are not used.':
    '这些是偏好数据对。TabTune 只用被选中的回答训练，不使用被拒绝的回答。',
  'All of the first rows have the same question (column {0}).': '前几行的问题全都相同（列 {0}）。',
  'dataset: expected a question that differs from row to row, got the column {0}, which has the same value in all of the first rows, beside {1}. Say which column is the prompt and which the completion.':
    '数据集：各行的问题应不相同，实际列 {0} 在前几行中的值全都相同，另外还有 {1}。请指定哪一列是提示词，哪一列是补全。',
  'batch: expected at most {0} rows, got {1}. Raise the batch size.': '批次：最多 {0} 行，实际为 {1} 行。请增大批大小。',
  'not valid UTF-8': '不是有效的 UTF-8',
  'expected a JSON object, got {0}': '应为 JSON 对象，实际为{0}',
  'not JSON ({0}). There are carriage returns without line feeds in it; save the file with line feeds between the rows':
    '不是 JSON（{0}）。其中有不带换行符的回车符；请保存文件，使各行以换行符分隔',
  'not JSON ({0})': '不是 JSON（{0}）',
  '{0}, picture {1}: expected {2} × {3} × {4} numbers, as the model takes, got {5}. Read the pictures for this model.':
    '{0}，第 {1} 张图片：应为模型所需的 {2} × {3} × {4} 个数，实际为 {5} 个。请按此模型读取图片。',
  '{0}, picture {1}: expected a label from 0 to {2}, the number of a class, got {3}. Correct the label.':
    '{0}，第 {1} 张图片：标签应为类别编号，即 0 到 {2}，实际为 {3}。请更正标签。',
  'dataset: expected text in UTF-8, got UTF-16. Save the file as UTF-8 and try again.':
    '数据集：应为 UTF-8 文本，实际为 UTF-16。请将文件保存为 UTF-8 后重试。',
  'dataset: expected JSONL or a JSON array, got a binary file. Convert it to JSONL and try again.':
    '数据集：应为 JSONL 或 JSON 数组，实际为二进制文件。请转换为 JSONL 后重试。',
  '{0}: {1}': '{0}：{1}',
  '1 row read as {0}, {1} tokens, {2} of them in the loss.': '按 {0} 读取了 1 行，共 {1} 个词元，其中 {2} 个计入损失。',
  '{0} rows read as {1}, {2} tokens, {3} of them in the loss.': '按 {1} 读取了 {0} 行，共 {2} 个词元，其中 {3} 个计入损失。',
  '1 row cannot be used.': '1 行不可用。',
  '{0} rows cannot be used.': '{0} 行不可用。',
  '… and {0} more.': '……另有 {0} 行。',
  '1 of {0} rows is cut at {1} tokens (the longest row has {2}).': '{0} 行中有 1 行在 {1} 个词元处截断（最长的行有 {2} 个）。',
  '{0} of {1} rows are cut at {2} tokens (the longest row has {3}).': '{1} 行中有 {0} 行在 {2} 个词元处截断（最长的行有 {3} 个）。',
  '1 row is left out (line {0}: {1}).': '1 行被排除（第 {0} 行：{1}）。',
  '{0} rows are left out (line {1}: {2}; …).': '{0} 行被排除（第 {1} 行：{2}；…）。',
  '1 of {0} rows repeats an earlier row (line {1} is the same as line {2}).': '{0} 行中有 1 行与前面的行重复（第 {1} 行与第 {2} 行相同）。',
  '{0} of {1} rows repeat an earlier row (line {2} is the same as line {3}).':
    '{1} 行中有 {0} 行与前面的行重复（第 {2} 行与第 {3} 行相同）。',
  'line {0} of {1} is the same as line {2} of {3}': '{1} 的第 {0} 行与 {3} 的第 {2} 行相同',
  'line {0} is the same as line {1}': '第 {0} 行与第 {1} 行相同',
  '1 of {0} evaluation rows is also trained on ({1}), so the evaluation looks better than it is.':
    '{0} 个评估行中有 1 行也参与了训练（{1}），因此评估结果会偏好。',
  '{0} of {1} evaluation rows are also trained on ({2}), so the evaluation looks better than it is.':
    '{1} 个评估行中有 {0} 行也参与了训练（{2}），因此评估结果会偏好。',
  '{0}: expected {1} rows to train on, got {2}. Correct these rows, or train on the other {3}.':
    '{0}：应有 {1} 行可供训练，实际有 {2}。请更正这些行，或只用其余 {3} 行训练。',
  '{0}: expected {1} rows to train on, got {2}. Correct these rows, or choose another file.':
    '{0}：应有 {1} 行可供训练，实际有 {2}。请更正这些行，或选择其他文件。',
  'the prompt template has places for a prompt and a completion, and this row is one text':
    '提示词模板需要一个提示词和一个补全，而此行是一整段文本',
  'the prompt template has places for a prompt and a completion, and this row is token ids':
    '提示词模板需要一个提示词和一个补全，而此行是词元 id',
  'the prompt template has places for one prompt and one completion, and this row is a conversation':
    '提示词模板需要一个提示词和一个补全，而此行是一段对话',
  'The rows have no prompts, so these settings are not used: {0}.': '各行没有提示词，因此这些设置不起作用：{0}。',
  'The separator is not used, because the rows are conversations.': '各行是对话，因此不使用分隔文字。',
  '{0} a system message in the turns, so the one in the column {1} is not used there.':
    '{0}对话内的系统消息，因此其中不使用列 {1} 的系统消息。',
  '{0} of {1} rows were generated. They are not held out for evaluation.': '{1} 行中有 {0} 行是生成的，不会留作评估。',
  '{0} an empty answer, from which the model learns to end its answer at once.': '{0}空回答，模型会从中学到立即结束回答。',
  '{0} the same key more than once (the first: {1}). The last value is used.': '{0}重复的键（第一个：{1}）。使用最后一个值。',
  '{0} half of a surrogate pair (such as \\ud800). That is not a character, so it is read as U+FFFD.':
    '{0}不成对的代理项（例如 \\ud800）。它不是字符，因此读作 U+FFFD。',
  '{0} special tokens written out (the first: {1}). They are read there as plain characters, which a model does not take for the tokens. Put conversations as lists of turns into a column messages, or write the tokens into the words around prompts.':
    '{0}直接写出的特殊词元（第一个：{1}）。它们会按普通字符读取，模型不会把它们当作这些词元。请把对话以消息列表的形式放入 messages 列，或把这些词元写进提示周围的文字。',
  'Turns of the role developer that are read as system, because the chat template does not know that role: {0}.':
    '因对话模板不认识 developer 角色而按 system 读取的 developer 消息数：{0}。',
  'Turns of the role developer that are read as system, because there is no chat template: {0}.':
    '因没有对话模板而按 system 读取的 developer 消息数：{0}。',
  'a batch request that does not end with an answer: its answer is in another file, so there is nothing to train on':
    '批量请求没有以回答结尾：回答在另一个文件中，因此没有内容可供训练',
  'expected labels, completion_mask or assistant_masks to say which ids are trained, got {0}':
    '需要用 labels、completion_mask 或 assistant_masks 说明哪些词元参与训练，实际为 {0}',
  '{0}: expected {1} zeros and ones, as many as input_ids, got something else':
    '{0}：需要 {1} 个 0 或 1，与 input_ids 数量相同，实际为其他内容',
  'Columns that are not used: {0} and {1} more.': '未使用的列：{0}，以及另外 {1} 列。',
  'Columns that are not used: {0}.': '未使用的列：{0}。',
  '1 row has': '有 1 行含',
  '{0} rows have': '有 {0} 行含',
  '{0}: expected text, got {1}': '{0}：应为文本，实际为{1}',
  column: '列',
  null: '空值（null）',
  'a list': '列表',
  'a string': '字符串',
  'a boolean': '布尔值',
  'an object': '对象',
  '{0}: expected at least one row to train on, got {1}. Raise the maximum length, shorten the prompts, or choose another file.':
    '{0}：应至少有一行可供训练，实际只有 {1}。请增大最大长度、缩短提示词或选择其他文件。',
  'the text is empty': '文本为空',
  'the prompt is empty': '提示词为空',
  'input_ids is empty': 'input_ids 为空',
  'input_ids: expected ids from 0 to {0}, as the model has, got {1} at position {2}':
    'input_ids：id 应在 0 到 {0} 之间（模型的词表范围），实际位置 {2} 处为 {1}',
  'labels: expected {0} of them, as many as input_ids, got {1}': 'labels：应与 input_ids 一样有 {0} 个，实际为 {1} 个',
  'labels: expected -100 or ids from 0 to {0}, got {1} at position {2}': 'labels：应为 -100 或 0 到 {0} 之间的 id，实际位置 {2} 处为 {1}',
  'attention_mask: expected ones and then zeros, as many as input_ids (padding on the right)':
    'attention_mask：应先全为 1、后全为 0，且个数与 input_ids 相同（右侧填充）',
  '{0}: expected a list of whole numbers, got {1}': '{0}：应为整数列表，实际为{1}',
  'not a row': '不是一行数据',
  '{0}: expected at least one row to train on, got {1}. Correct the file, or choose another one.':
    '{0}：应至少有一行可供训练，实际：{1}。请更正文件，或选择其他文件。',
  'an empty file': '空文件',
  '1 row whose {0} is false': '1 行的 {0} 为 false 的数据',
  '{0} rows whose {1} is false': '{0} 行的 {1} 为 false 的数据',
  '1 row is left out because its {0} is false, which marks its answer as not wanted.':
    '1 行被排除，因为它的 {0} 为 false，表示不需要其中的回答。',
  '{0} rows are left out because their {1} is false, which marks their answers as not wanted.':
    '{0} 行被排除，因为它们的 {1} 为 false，表示不需要其中的回答。',
  '1 {0} turn': '1 条 {0} 消息',
  '{0} {1} turns': '{0} 条 {1} 消息',
  '{0} ({1})': '{0}（{1}）',
  'Keys of turns that the chat template does not read: {0}.': '对话模板不读取的消息键：{0}。',
  'Keys of turns that are not read without a chat template: {0}.': '没有对话模板时不读取的消息键：{0}。',
  '1 row has tools, which the chat template does not read.': '1 行含有 tools，而对话模板不读取它。',
  '{0} rows have tools, which the chat template does not read.': '{0} 行含有 tools，而对话模板不读取它。',
  '1 assistant turn is not trained because the chat template does not show where it begins and ends.':
    '1 条 assistant 消息未参与训练，因为无法从对话模板看出它的起止位置。',
  '{0} assistant turns are not trained because the chat template does not show where they begin and end.':
    '{0} 条 assistant 消息未参与训练，因为无法从对话模板看出它们的起止位置。',
  '{0}: expected the whole turn to be trained or not ("train": true or false), got "{1}"':
    '{0}：整条消息要么参与训练，要么不参与（"train": true 或 false），实际为 "{1}"',
  '{0}: expected its keys to agree on whether it is trained, got {1}': '{0}：关于是否参与训练，各个键应一致，实际为 {1}',
  '"{0}": {1}': '"{0}"：{1}',
  '{0}: expected "train": true or false to say whether it is trained, got "{1}"':
    '{0}：应以 "train": true 或 false 表示是否参与训练，实际为 "{1}"',
  '{0}: expected "{1}" to be 0 or 1, since a turn is trained or it is not, got {2}':
    '{0}："{1}" 应为 0 或 1，因为一条消息要么参与训练，要么不参与，实际为 {2}',
  'expected at most {0} turns, got {1}': '最多 {0} 条消息，实际为 {1} 条',
  'it has no assistant turn, so there is nothing to train on': '它没有 assistant 消息，因此没有内容可供训练',
  'every assistant turn is marked as not to be trained, so there is nothing to train on':
    '所有 assistant 消息都标记为不参与训练，因此没有内容可供训练',
  'turn {0}': '第 {0} 条消息',
  '{0}: expected an object with role and content, got {1}': '{0}：应为含有 role 和 content 的对象，实际为{1}',
  '{0}: expected a role, got {1}': '{0}：应为角色，实际为{1}',
  '{0}: expected one of the roles system, user, assistant and tool, got {1}': '{0}：角色应为 system、user、assistant 或 tool，实际为 {1}',
  '{0}, tool_calls': '{0}，tool_calls',
  '{0}: expected parts of text, got a part of type {1}': '{0}：应为文本部分，实际有这种类型的部分：{1}',
  unknown: '未知',
  'history: expected a list of turns, got {0}': 'history：应为消息列表，实际为{0}',
  'history: expected pairs of question and answer, got a list of {0}': 'history：应为成对的问题和回答，实际为含 {0} 项的列表',
  'text that is not JSON': '不是 JSON 的文本',
  '{0}: expected a list of turns, got {1}': '{0}：应为消息列表，实际为{1}',
  'a list with {0}': '含有{0}的列表',
  '{0}: expected a list of calls, got {1}': '{0}：应为调用列表，实际为{1}',
  '{0}: expected a list of functions, got {1}': '{0}：应为函数列表，实际为{1}',
  '{0} and {1} more': '{0}，以及另外 {1} 个',
  'They are left out.': '它们会被排除。',
  'They are read as {0}: {1} of the trained tokens.': '它们读作 {0}，占参与训练的词元的 {1}。',
  "1 row has characters that the model's vocabulary cannot write: {0}. {1}": '1 行含有模型词表无法表示的字符：{0}。{1}',
  "{0} rows have characters that the model's vocabulary cannot write: {1}. {2}": '{0} 行含有模型词表无法表示的字符：{1}。{2}',
  'less than 0.1 %': '不到 0.1 %',
  '{0} %': '{0} %',
  'a quote that is not closed': '引号没有闭合',
  'text behind a closing quote; a quote inside a field must be doubled': '闭合引号之后还有文本；字段内的引号必须写两次',
  '{0}: expected rows of at most {1} MiB, got a longer one at line {2}, where a quote is not closed. Correct this quote, or choose another separator.':
    '{0}：每行最多 {1} MiB，实际第 {2} 行更长，因为那里的引号没有闭合。请更正这个引号，或选择其他分隔符。',
  'bytes that are no characters in the encoding of the file': '有些字节在文件的编码中不是字符',
  commas: '逗号',
  semicolons: '分号',
  tabs: '制表符',
  'vertical bars': '竖线',
  'Read as CSV, separated by {0}, without a header row.': '按 CSV 读取，以{0}分隔，无标题行。',
  'Read as CSV, separated by {0}, with a header row.': '按 CSV 读取，以{0}分隔，有标题行。',
  '{0}: expected at most {1} columns, got {2}. Choose another separator, or leave columns out.':
    '{0}：最多 {1} 列，实际为 {2} 列。请选择其他分隔符，或去掉一些列。',
  'Some names in the header are empty or repeated. These columns got names of their own: {0}.':
    '表头中有些名称为空或重复。这些列已另行命名：{0}。',
  'expected {0} fields, got {1}': '应有 {0} 个字段，实际为 {1} 个',
  '{0}, line {1}: expected a CSV row, got {2}. Correct this line.': '{0}，第 {1} 行：应为 CSV 行，实际：{2}。请更正该行。',
  'bytes in line {0} that are no characters in the encoding of the file': '第 {0} 行中有些字节在文件的编码中不是字符',
  '{0}: expected JSONL, JSON, CSV, text, Markdown or Parquet, got a binary file. Convert it to one of these and try again.':
    '{0}：应为 JSONL、JSON、CSV、文本、Markdown 或 Parquet，实际为二进制文件。请转换为其中一种格式后重试。',
  'Its text is read as {0}, which is a guess. Choose another encoding if letters are wrong.':
    '文本按 {0} 编码读取，这是推测。如果字符不对，请选择其他编码。',
  'Its text is read as {0}.': '文本按 {0} 编码读取。',
  '{0}: expected a gzip file that is packed at most {1} to 1, got more. If you trust who made it, unpack it and open what is in it.':
    '{0}：gzip 文件的压缩比最高为 {1}:1，实际更高。如果信任制作者，请解压后打开其中的文件。',
  '{0}: expected a whole gzip file, got one that is damaged or cut off. Download it again, or pack it again.':
    '{0}：应为完整的 gzip 文件，实际已损坏或不完整。请重新下载，或重新压缩。',
  'Read as JSON.': '按 JSON 读取。',
  'The front matter (the first {0} lines) is left out.': '排除了 front matter（前 {0} 行）。',
  Markdown: 'Markdown',
  'Values that are bytes and not text are left out, in the columns {0}.': '内容为字节而非文本的值被排除，涉及列 {0}。',
  '{0}: expected a Parquet file that can be read, got {1}. Download it again, or write it again with smaller row groups.':
    '{0}：应为可读取的 Parquet 文件，实际：{1}。请重新下载，或以更小的行组重新写入。',
  'Read as Parquet.': '按 Parquet 读取。',
  'Read as {0}, as one row.': '读取格式：{0}，整体作为一行。',
  'Read as {0}, with a row for each paragraph.': '读取格式：{0}，每段一行。',
}
