// 简体中文: sentences about models that compare pictures with texts, by their English words.
import type { Dictionary } from '../../config/phrase'

export const pictureTexts: Dictionary = {
  '{0}: expected a model of the {1} family with both towers ({2}), got {3}. Choose the whole model.':
    '{0}：应为带图片和文字两个编码器的 {1} 模型（{2}），实际为 {3}。请选择完整的模型。',
  'texts: expected at most {0} tokens, as the model reads, got {1} for class {2}. Shorten its name, the template or the context.':
    '文本：模型最多读取 {0} 个词元，类别 {2} 的文本实际为 {1} 个。请缩短其名称、模板或上下文。',
  'texts: expected token ids below {0} with the end {1}, got others for class {2}. Correct the ids of the classes.':
    '文本：词元编号应小于 {0}，并含结束词元 {1}，类别 {2} 实际不符。请更正类别的编号。',
  'classes: expected the names of the classes for a model of the {0} family, got none. Give --classes FILE.':
    '类别：{0} 模型需要类别名称，实际没有。请用 --classes FILE 指定。',
  '{0}: expected the names of classes, got none. Give --classes FILE.': '{0}：需要类别名称，实际没有。请用 --classes FILE 指定。',
  '{0}: expected the names of classes, which the model reads, got none. Give --classes FILE, with a name on each line.':
    '{0}：需要供模型读取的类别名称，实际没有。请用 --classes FILE 指定，每行一个名称。',
  'template: expected a text with {0} once, where the name of the class stands, got {1}. Correct it.':
    '模板：应为恰好含一个 {0}（类别名称所在处）的文本，实际为 {1}。请更正。',
  'template: expected token ids around {0}, since the classes are given as token ids, got {1}. Correct it.':
    '模板：类别以词元编号给出，因此 {0} 两边也应为词元编号，实际为 {1}。请更正。',
  '{0}: expected a tokenizer for the names of the classes, got none. Choose a folder with tokenizer.json, or give lists of token ids.':
    '{0}：类别名称需要分词器，实际没有。请选择带 tokenizer.json 的文件夹，或给出词元编号的列表。',
  '{0}: expected a model that compares pictures with texts, and classes, got another. Choose another model.':
    '{0}：应为带有类别的图文比对模型，实际不是。请选择其他模型。',
  '--class-template: expected a model that compares pictures with texts, got {0}, which sorts them by a head. Leave the option out.':
    '--class-template：应为图文比对模型，实际 {0} 用输出层给图片分类。请去掉此选项。',
  'starting text: expected token ids below {0}, since the classes are given as token ids, got {1}. Correct it.':
    '初始文字：类别以词元编号给出，因此应为小于 {0} 的词元编号，实际为 {1}。请更正。',
  'starting text: expected at least one word, got none. Write a text, or start from random values.':
    '初始文字：至少应有一个词，实际没有。请写一段文字，或从随机值开始。',
  'adapter_config.json, class_specific: expected true exactly if {0} has three dimensions, got {1} for {2}. Use the configuration that belongs to the file.':
    'adapter_config.json，class_specific：当且仅当 {0} 有三个维度时应为 true，实际维度为 {2}，值为 {1}。请使用与文件配套的配置。',
  '{0}: expected a model with a head that the trained one takes the place of, got a model of the {1} family, which has none. Use the adapter beside the model.':
    '{0}：应为带输出层的模型，以便用训练好的输出层替换，实际 {1} 模型没有输出层。请把适配器与模型一起使用。',
  'llama.cpp does not read models that compare pictures with texts': 'llama.cpp 不支持图文比对模型',
}
