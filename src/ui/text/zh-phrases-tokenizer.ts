// 简体中文: sentences about tokenizers, chat templates and patterns (src/tokenizer, patterns), by their English words.
import type { Dictionary } from '../../config/phrase'

export const tokenizer: Dictionary = {
  'patterns that match quickly': '能快速匹配的正则表达式',
  'some that take too many steps': '步数过多的正则表达式',
  '{0}': '{0}',
  'patterns without {0}': '不含“{0}”的正则表达式',
  others: '其他形式',
  'more than {0} nested groups': '超过 {0} 层的嵌套分组',
  'more than {0} sets of characters': '超过 {0} 个字符集',
  'references to groups': '对分组的引用',
  'shorter patterns with smaller counts': '更短、重复次数更少的正则表达式',
  'patterns that look behind for one length of at most {0} characters': '每处向后查看长度固定且不超过 {0} 个字符的正则表达式',
  '{0}, which is its token {1}': '{0} 已是词表中的词元 {1}',
  'new tokens: expected tokens that the vocabulary does not have, got {0}. Leave these out. To train tokens that the vocabulary has, give their ids.':
    '新词元：应为词表中没有的词元，实际：{0}。请去掉这些词元。若要训练词表中已有的词元，请填写它们的 id。',
  'one that is nested too deep or calls itself without end': '嵌套过深或无休止地调用自身',
  'one that makes too long a text': '生成的文本过长',
  'chat template: expected one that ends, got {0}. Use another model or a dataset without chat turns.':
    '对话模板：应能正常结束，实际{0}。请使用其他模型，或使用没有对话的数据集。',
  'chat template: expected range() of at most {0}, got {1}. Use another model.': '对话模板：range() 最多 {0}，实际为 {1}。请使用其他模型。',
  "tokenizer.ggml.model: expected {0}, got {1}. Use the model's Hugging Face folder with its tokenizer.json instead.":
    'tokenizer.ggml.model：应为 {0}，实际：{1}。请改用模型的 Hugging Face 文件夹及其中的 tokenizer.json。',
  'tokenizer.json: expected {0} in {1}, got {2}. Use the tokenizer.json that belongs to the model, or a GGUF file of the model.':
    'tokenizer.json：{1} 中应为{0}，实际为{2}。请使用模型自带的 tokenizer.json，或该模型的 GGUF 文件。',
  "tokenizer.ggml.pre: expected one of {0}, got {1}. Use the model's Hugging Face folder with its tokenizer.json instead.":
    'tokenizer.ggml.pre：应为 {0} 之一，实际为 {1}。请改用模型的 Hugging Face 文件夹及其中的 tokenizer.json。',
  'tokenizer.ggml.merges: expected a list of merges, got none. Convert the model to GGUF again.':
    'tokenizer.ggml.merges：应为合并规则列表，实际没有。请重新将模型转换为 GGUF。',
  "tokenizer.ggml.model: expected {0}, got {1}. Start from the model's Hugging Face folder instead.":
    'tokenizer.ggml.model：应为 {0}，实际：{1}。请改从模型的 Hugging Face 文件夹开始。',
  'tokenizer.ggml.tokens: expected a list of texts, got {0}': 'tokenizer.ggml.tokens：应为文本列表，实际：{0}',
  "tokenizer.ggml.tokens: expected at most {0} tokens, as many as the model's embedding has rows, got {1}: {2} has the id {3}":
    'tokenizer.ggml.tokens：最多 {0} 个词元（模型词嵌入的行数），实际为 {1} 个：{2} 的 id 为 {3}',
  'tokenizer.ggml.{0}: expected {1} numbers, got {2}': 'tokenizer.ggml.{0}：应有 {1} 个数，实际：{2}',
  'tokenizer.ggml.{0}: expected an id below {1}, got {2}': 'tokenizer.ggml.{0}：id 应小于 {1}，实际：{2}',
  'tokenizer.ggml.{0}: expected {1}, got {2}': 'tokenizer.ggml.{0}：应为{1}，实际：{2}',
  'a list of texts': '文本列表',
  'tokenizer.ggml.merges: expected two texts with a space between them in each, got {0}':
    'tokenizer.ggml.merges：每条应为以空格分隔的两段文本，实际：{0}',
  '{0}. Use a complete GGUF file.': '{0}。请使用完整的 GGUF 文件。',
  '1 value': '1 个值',
  '{0} values': '{0} 个值',
  "tokenizer.json: expected text to be cut like {0} for a GGUF file, got another way. Merge into a folder, and convert that with llama.cpp's convert_hf_to_gguf.py.":
    'tokenizer.json：写入 GGUF 文件时，文本的切分方式应为 {0}，实际不同。请合并成文件夹，再用 llama.cpp 的 convert_hf_to_gguf.py 转换。',
  "tokenizer.json: expected byte-level BPE or SentencePiece's BPE for a GGUF file, got {0}. Merge into a folder, and convert that with llama.cpp's convert_hf_to_gguf.py.":
    'tokenizer.json：写入 GGUF 文件时，应为字节级 BPE 或 SentencePiece 的 BPE，实际为 {0}。请合并成文件夹，再用 llama.cpp 的 convert_hf_to_gguf.py 转换。',
  'tokenizer.json: expected a model, got none. Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：应有 model，实际没有。请使用模型自带的 tokenizer.json。',
  'tokenizer.json: expected a tokenizer, got one that cannot be opened ({0}). Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：应为分词器，实际无法打开（{0}）。请使用模型自带的 tokenizer.json。',
  'tokenizer.json: expected tokens of the vocabulary in post_processor, got {0}. Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：post_processor 中应为词表里的词元，实际为 {0}。请使用模型自带的 tokenizer.json。',
  'tokenizer.json: expected model.merges.{0} to be two tokens whose texts and joined text are in model.vocab, got {1}. Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：model.merges.{0} 应为两个词元，它们各自的文本和拼接后的文本都应在 model.vocab 中，实际为 {1}。请使用模型自带的 tokenizer.json。',
  'tokenizer.json: expected an unknown token in its vocabulary for {0}, got none. Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：词表中应有用于 {0} 的未知词元，实际没有。请使用模型自带的 tokenizer.json。',
  'BPE without model.continuing_subword_prefix': '没有 model.continuing_subword_prefix 的 BPE',
  'the model has no chat template named “default”, so its templates are not used: {0}':
    '模型没有名为“default”的对话模板，因此不使用它的这些模板：{0}',
  'tokenizer: expected tokenizer.json beside the model, got none. Add it, or use a dataset of input_ids.':
    '分词器：模型旁应有 tokenizer.json，实际没有。请补上它，或使用 input_ids 数据集。',
  'at most {0} MB of values': '最多 {0} MB 的值',
  'texts of at most {0} characters': '最多 {0} 个字符的文本',
  'lists of at most {0} items': '最多 {0} 项的列表',
  'Use another model or a dataset without chat turns.': '请使用其他模型，或使用没有对话的数据集。',
  'chat template: expected it to end within {0} seconds, got one that takes longer. {1}': '对话模板：应在 {0} 秒内结束，实际用时更长。{1}',
  'chat template: expected {0}, got one that makes more. {1}': '对话模板：应产生{0}，实际更多。{1}',
  'chat template: expected expressions and macros nested at most {0} deep, got deeper ones. Use another model or a dataset without chat turns.':
    '对话模板：表达式和宏最多嵌套 {0} 层，实际更深。请使用其他模型，或使用没有对话的数据集。',
  'chat template: expected at most {0} characters and {1} of white space in a row, got {2} and {3}. Use another model or a dataset without chat turns.':
    '对话模板：最多 {0} 个字符、{1} 个连续空白，实际为 {2} 和 {3}。请使用其他模型，或使用没有对话的数据集。',
  'the chat template has no place for the words of the {0} turn': '对话模板中没有放置 {0} 轮次内容的位置',
  'the chat template refuses it ({0})': '对话模板拒绝了它（{0}）',
  'chat template: expected an answer within {0} seconds, got {1}. Use another model or a dataset without chat turns.':
    '对话模板：应在 {0} 秒内给出结果，实际：{1}。请使用其他模型，或使用没有对话的数据集。',
  'an error ({0})': '出错（{0}）',
  'the worker did not start': '工作线程没有启动',
  'tokenizer.json: expected {0} to make a text at most {1} times as long, got {2} times. Use the tokenizer.json that belongs to the model.':
    'tokenizer.json：{0} 最多使文本变长为 {1} 倍，实际为 {2} 倍。请使用模型自带的 tokenizer.json。',
  "tokenizer.json: expected whole numbers from 0 to {0} as ids, as many as the model's embedding has rows, got {1}. Use the tokenizer.json that belongs to the model.":
    'tokenizer.json：id 应为 0 到 {0} 的整数（不超过模型词嵌入的行数），实际：{1}。请使用模型自带的 tokenizer.json。',
  '{0} for {1} in {2}': '{2} 中 {1} 的 id：{0}',
  'a whole number from {0} to {1}': '从 {0} 到 {1} 的整数',
  'text of at most 1024 characters': '不超过 1024 个字符的文本',
  'a list of at most {0}': '项数不超过 {0} 的列表',
  'an object of a type among {0}': '以下类型之一的对象：{0}',
  'an object with a Regex of at most 4096 characters or a String of at most 1024':
    '含有不超过 4096 个字符的 Regex 或不超过 1024 个字符的 String 的对象',
  'a SpecialToken with an id, or the Sequence A or B': '带有 id 的 SpecialToken，或 Sequence A 或 B',
  'a list with one Sequence': '恰有一个 Sequence 的列表',
  'a pair of a token and its id': '词元与其 id 的配对',
  'an id': 'id',
  'an object with at least one token': '至少含有一个词元的对象',
  'a list of pieces with their scores': '片段及其得分的列表',
  'a list of at least one piece': '至少含有一个片段的列表',
  'a list of merges': '合并规则列表',
  'text, or a list of templates with their names': '文本，或带名称的模板列表',
  'model.type to be one of {0}': 'model.type 为 {0} 之一',
  'at most {0} characters in all added_tokens': '全部 added_tokens 合计不超过 {0} 个字符',
  'the chat template leaves out a call of {0}': '对话模板漏掉了对 {0} 的调用',
  'the chat template leaves out the answer {0}': '对话模板漏掉了回答 {0}',
  'the chat template writes nothing for the answer {0}': '对话模板对回答 {0} 没有写出任何内容',
  'expected words of at most {0} characters, got one of {1}. A word reaches to the next place where the vocabulary separates tokens':
    '每个词最多 {0} 个字符，实际有一个为 {1} 个。词延续到词表分隔词元的下一处为止',
}
