// 简体中文: sentences about methods and adapters (src/peft), by their English words.
import type { Dictionary } from '../../config/phrase'

export const peft: Dictionary = {
  "The adapter's folder has another chat template than the base. It is asked in its own; a merged model keeps the base's.":
    '适配器文件夹中的对话模板与底座模型的不同。提问时使用它自己的模板；合并后的模型保留底座模型的模板。',
  'The base has no chat template. The adapter is asked in that of its own folder, which a merged model does not get.':
    '底座模型没有对话模板。提问时使用适配器文件夹中的模板，合并后的模型不会带上它。',
  "The adapter's folder has another chat template than the base. Training uses the base's.":
    '适配器文件夹中的对话模板与底座模型的不同。训练使用底座模型的模板。',
  "The adapter's folder has a chat template and the base has none. Training does not use it.":
    '适配器文件夹中有对话模板，而底座模型没有。训练不使用它。',
  '{0}: expected an adapter with a learned context and a model with a tokenizer, got another. Choose an adapter of CoOp or CoCoOp.':
    '{0}：应为带有学到的上下文的适配器和带分词器的模型，实际不是。请选择 CoOp 或 CoCoOp 的适配器。',
  'blocks without adapters: expected numbers from 0 to {0} with commas between them, and not all of them, got {1}. Correct the list.':
    '不加适配器的块：应为 0 到 {0} 之间、以逗号分隔的编号，且不能包含全部块，实际为 {1}。请更正列表。',
  '{0}: expected a tokenizer that new tokens can be added to, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.':
    '{0}：应有可添加新词元的分词器，实际没有。请选择含有 tokenizer.json 的文件夹，或带有词表的 GGUF 文件。',
  '{0}: expected a tokenizer for the starting text, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.':
    '{0}：应有用于处理起始文本的分词器，实际没有。请选择含有 tokenizer.json 的文件夹，或带有词表的 GGUF 文件。',
  '{0}: expected a model with biases, got a model of the {1} family without them. Choose another method or another model.':
    '{0}：应为带有偏置的模型，实际为没有偏置的 {1} 模型。请选择其他方法或其他模型。',
  'reduction factor: expected at most {0}, the width of this model, got {1}. Choose a smaller factor.':
    '缩减系数：最大为 {0}（此模型的宽度），实际为 {1}。请选择更小的因子。',
  'adapter_config.json: expected the placement of Houlsby, Pfeiffer or He (parallel), got another one. Use an adapter with one of these placements.':
    'adapter_config.json：插入方式应为 Houlsby、Pfeiffer 或 He（并行），实际为其他方式。请使用其中一种方式的适配器。',
  'Bottleneck adapters need a feed-forward that is a module of its own, which {0} models do not have. Choose another method, such as LoRA.':
    '瓶颈适配器要求前馈网络是独立的模块，而 {0} 模型没有这样的模块。请选择其他方法，例如 LoRA。',
  '{0}, {1}: expected the rank {2} of its adapter_config.json, got {3}. The adapter is damaged.':
    '{0}，{1}：秩应为 adapter_config.json 中的 {2}，实际为 {3}。适配器已损坏。',
  '{0}: expected only low-rank updates, got a table of the base too ({1}). Give the base with --model, so that the two tables can be compared.':
    '{0}：应只含低秩更新，实际还有基座的整张表（{1}）。请用 --model 指定基座，以便比较这两张表。',
  '{0}: expected an adapter with only low-rank updates (LoRA, QLoRA), got one with {1}. Combine other adapters.':
    '{0}：应为只含低秩更新的适配器（LoRA、QLoRA），实际含有 {1}。请组合其他适配器。',
  '{0}: expected {1} beside {2}, got none. The adapter is damaged.': '{0}：{2} 应有对应的 {1}，实际没有。适配器已损坏。',
  '{0}, {1}: expected {2} columns and {3} rows as in the other adapters, got {4} and {5}. Combine adapters of one model.':
    '{0}，{1}：应与其他适配器一样有 {2} 列和 {3} 行，实际为 {4} 和 {5}。请组合同一模型的适配器。',
  '{0}: expected both halves of each update, got only {1}. The adapter is damaged.': '{0}：每个更新应有两半，实际只有 {1}。适配器已损坏。',
  '{0}: expected equal ranks for the type linear, got {1} and {2}. Choose type cat or svd.':
    '{0}：类型 linear 要求秩相同，实际为 {1} 和 {2}。请选择类型 cat 或 svd。',
  'ranks: expected equal ranks for the type linear, got {0}. Choose type cat or svd.':
    '秩：类型 linear 要求秩相同，实际为 {0}。请选择类型 cat 或 svd。',
  'combining: expected two or more adapters with a weight for each, got {0} adapters and {1} weights. Give as many weights as adapters.':
    '组合：应有两个或更多适配器，且各有一个权重，实际为 {0} 个适配器和 {1} 个权重。请使权重与适配器的数量相同。',
  anything: '任意值',
  'a number above 0': '大于 0 的数',
  'a number from 0 to below 1': '大于等于 0 且小于 1 的数',
  'a number from 0': '大于等于 0 的数',
  'a list of names': '名称列表',
  'a list of names or a regular expression': '名称列表或正则表达式',
  'a list of layers or one': '层的列表或单独一层',
  'a list of token ids, or such lists by module': '词元 id 列表，或按模块给出的此类列表',
  'an object in which each value is {0}': '每个值为{0}的对象',
  'Use an adapter of a language model.': '请使用语言模型的适配器。',
  '{0} is set to {1}': '{0} 设为 {1}',
  '{0}: expected {1}, got nothing': '{0}：应为{1}，实际没有',
  '{0}, {1}. Correct the file, or use another adapter.': '{0}，{1}。请更正文件，或使用其他适配器。',
  '{0}: expected only settings that TabTune implements, got a file where {1}. {2}': '{0}：应只含 TabTune 已实现的设置，实际文件中 {1}。{2}',
  'Use an adapter without it.': '请使用不含此设置的适配器。',
  'target modules: expected linear layers, got the embedding, which DoRA cannot train. Remove it from the list, or use LoRA.':
    '目标模块：应为线性层，实际为词嵌入，DoRA 无法训练它。请从列表中移除它，或使用 LoRA。',
  'new tokens: expected a head without an update for DoRA, got lm_head among the target modules. Remove it from the list, or use LoRA.':
    '新词元：使用 DoRA 时输出层不应有更新，实际目标模块中有 lm_head。请从列表中移除它，或使用 LoRA。',
  'target modules: expected a vocabulary size that is a multiple of 4 for DoRA on the head, got {0}. Remove lm_head from the list, or use LoRA.':
    '目标模块：对输出层使用 DoRA 时，词表大小应为 4 的倍数，实际为 {0}。请从列表中移除 lm_head，或使用 LoRA。',
  'target modules: expected linear layers outside of experts and routers for DoRA, got {0}. Name other layers, or choose LoRA.':
    '目标模块：使用 DoRA 时，应为专家和路由器以外的线性层，实际为 {0}。请指定其他层，或选择 LoRA。',
  'target modules: expected all experts of a block with the same rank and alpha, or none of them, got experts of {0} that differ. Name the layer without the number of an expert.':
    '目标模块：同一块的所有专家应有相同的秩和 alpha，或都不训练，实际 {0} 的各专家不同。请指定不带专家编号的层。',
  'adapter: expected {0} with the rows of {1} new tokens, got none. Save the adapter again with save_embedding_layers=True.':
    '适配器：应有包含 {1} 个新词元的行的 {0}，实际没有。请设置 save_embedding_layers=True 重新保存适配器。',
  'The update of {0} also covers the new tokens, so the adapter’s file holds each of these tables as a whole ({1} MB). llama.cpp cannot add tokens with an adapter, so no adapter.gguf is written. Merge the adapter into a GGUF file instead.':
    '{0} 的更新也涵盖新词元，因此适配器文件完整保存了这些表（{1} MB）。llama.cpp 无法通过适配器添加词元，因此不写出 adapter.gguf。请改为将适配器合并到 GGUF 文件。',
  'feed-forward modules: expected modules among the target modules, got {0}. Add it to the target modules.':
    '前馈模块：应为目标模块中的模块，实际为 {0}。请将它加入目标模块。',
  '{0} belongs to no part of the method': '{0} 不属于此方法的任何部分',
  'adapter: expected the {0} values of this method on this model, got a file where {1}. Use the adapter with the model that it was trained on.':
    '适配器：应有此方法在此模型上的 {0} 个值，实际文件中：{1}。请将适配器用于训练它的模型。',
  'adapter_config.json: expected target_modules to be {0} for this model, got {1}. Use the adapter with the model that it was trained on.':
    'adapter_config.json：对此模型，target_modules 应为 {0}，实际为 {1}。请将适配器用于训练它的模型。',
  'target modules: expected auto or norms among {0}, got {1}. Correct the list.':
    '目标模块：应为 auto，或 {0} 中的归一化层，实际：{1}。请更正列表。',
  'adapter_config.json, target_modules: expected norms of {0}, got {1}, which LN-tuning does not train in TabTune. Merge the adapter with PEFT and use the merged model, or use another adapter.':
    'adapter_config.json，target_modules：应为 {0} 的归一化层，实际为 {1}，TabTune 中的 LN-tuning 不训练它。请用 PEFT 合并适配器后使用合并的模型，或使用其他适配器。',
  '{0}: expected the weights that were loaded before, got others. The file was changed. Choose it again.':
    '{0}：应为之前加载的权重，实际不同。文件已更改。请重新选择它。',
  '{0}: expected a tokenizer, got none. Choose a folder with tokenizer.json, or a GGUF file with its vocabulary.':
    '{0}：应有分词器，实际没有。请选择含有 tokenizer.json 的文件夹，或带有词表的 GGUF 文件。',
  "adapter: expected tensor names as in PEFT, such as base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight, got {0}. Save the adapter with PEFT's save_pretrained, or rename its tensors.":
    '适配器：张量名称应与 PEFT 一致，例如 base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight，实际为 {0}。请用 PEFT 的 save_pretrained 保存适配器，或重命名其中的张量。',
  'adapter_config.json, target_modules: expected modules of {0} ({1}), got {2}, which it does not have. Use the adapter with the model that it was trained on.':
    'adapter_config.json，target_modules：应为 {0} 的模块（{1}），实际：{2}，该模型中没有。请将适配器用于训练它的模型。',
  "adapter: expected tensors for all modules that adapter_config.json targets, got none for {0}. Download the adapter's file again, or correct target_modules and layers_to_transform.":
    '适配器：adapter_config.json 所指定的每个目标模块都应有张量，实际 {0} 没有。请重新下载适配器文件，或更正 target_modules 和 layers_to_transform。',
  'adapter: expected only tensors for the modules that adapter_config.json targets, got others for {0}, which PEFT would ignore. Correct target_modules.':
    '适配器：应只含 adapter_config.json 所指定的目标模块的张量，实际还有 {0} 的张量，PEFT 会忽略它们。请更正 target_modules。',
  'true, false or the name of an initialisation': '初始化方式的名称、true 或 false',
  'These starting values belong to a changed base. Convert the adapter with PEFT (save_pretrained with path_initial_model_for_weight_conversion), or merge it with PEFT and use the merged model.':
    '这些初始值属于已更改的基座。请用 PEFT 转换适配器（save_pretrained 并设置 path_initial_model_for_weight_conversion），或用 PEFT 合并后使用合并的模型。',
  'adapter_config.json: expected separate updates of embedding and head, got ensure_weight_tying = true. Use an adapter without it.':
    'adapter_config.json：词嵌入和输出层应分别更新，实际 ensure_weight_tying = true。请使用不含此设置的适配器。',
  'GGUF adapter: expected a layer that llama.cpp knows, got {0}. Use the PEFT files instead.':
    'GGUF 适配器：应为 llama.cpp 认识的层，实际为 {0}。请改用 PEFT 文件。',
  '{0}: expected a model with feed-forward layers for LoRA-MoE, got one whose layers have experts of their own. Choose another method, such as LoRA.':
    '{0}：LoRA-MoE 需要带有前馈层的模型，实际各层已有自己的专家。请选择其他方法，例如 LoRA。',
  '{0}: expected modules of the blocks or the embedding, because the head of this model is called {1}, got the head. Remove it from the list.':
    '{0}：应为各块的模块或词嵌入，因为此模型的输出层名为 {1}，实际为输出层。请从列表中移除它。',
  'This adapter gives each of them a separate update.': '此适配器对两者分别更新。',
  'This adapter changes the embedding, but not the head.': '此适配器更改词嵌入，但不更改输出层。',
  'This adapter changes the head, but not the embedding.': '此适配器更改输出层，但不更改词嵌入。',
  'In {0}, embedding and head are the same tensor. {1} So it cannot be merged into the model or saved as GGUF.':
    '在 {0} 中，词嵌入和输出层是同一个张量。{1}因此它不能合并到模型中，也不能保存为 GGUF。',
  'starting values: expected A random, B zero for a head that new tokens are added to, got PiSSA. Change the starting values, or remove lm_head from the target modules.':
    '初始值：输出层添加了新词元时，应为 A 随机、B 为零，实际为 PiSSA。请更改初始值，或从目标模块中移除 lm_head。',
  'starting values: expected A random, B zero for experts and routers, got PiSSA. Change the starting values, or remove these layers from the target modules.':
    '初始值：对专家和路由器应为 A 随机、B 为零，实际为 PiSSA。请更改初始值，或从目标模块中移除这些层。',
  'merging: expected at most the {0} tokens of the model, got an adapter with {1} more. Use the adapter without merging it.':
    '合并：最多为模型的 {0} 个词元，实际适配器还多出 {1} 个。请不要合并，直接使用适配器。',
  'merging: expected embedding and head to stay the same tensor, as in {0}, got an adapter that changes them separately. Use the adapter without merging it.':
    '合并：词嵌入和输出层应像 {0} 中那样保持为同一个张量，实际适配器分别更改了它们。请不要合并，直接使用适配器。',
  '{0}: expected {1}, got a model of the {2} family, which {3}. Choose another method than {4}.':
    '{0}：应为{1}，实际为{3}的 {2} 模型。请选择 {4} 以外的方法。',
  'a language model': '语言模型',
  'a model that sorts pictures into classes': '图片分类模型',
  'a model that compares pictures with texts': '图文比对模型',
  'writes text': '生成文本',
  'sorts pictures into classes': '用于图片分类',
  'compares pictures with texts': '用于比对图片与文字',
  '{0} puts its vectors in front of a text that is continued; CoOp puts them around the names of classes':
    '{0} 把向量放在要续写的文本前面；CoOp 把向量放在类别名称周围',
  '{0} trains the words around the names of classes, and this model reads none': '{0} 训练类别名称周围的词，而此模型不读取文字',
  'TabTune has {0} for models with a head only': 'TabTune 只在带输出层的模型上提供 {0}',
  'TabTune has {0} for language models only': 'TabTune 只在语言模型上提供 {0}',
  '{0}: expected {1}, got a model of the {2} family, which {3}. {4}. Choose another method.':
    '{0}：应为{1}，实际为{3}的 {2} 模型。{4}。请选择其他方法。',
  '{0}: expected target_modules to be a list when this is set, got a regular expression. Correct the file.':
    '{0}：设置此项时，target_modules 应为列表，实际为正则表达式。请更正文件。',
  'P-tuning v2 puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches':
    'P-tuning v2 把向量加在词元之间，而图片没有词元；视觉提示微调把向量加在图块之间',
  'adapter_config.json: expected encoder_reparameterization_type to be MLP or LSTM, got {0}. Choose another adapter.':
    'adapter_config.json：encoder_reparameterization_type 应为 MLP 或 LSTM，实际为 {0}。请选择其他适配器。',
  'P-tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches':
    'P-tuning 把向量加在词元之间，而图片没有词元；视觉提示微调把向量加在图块之间',
  'rank: expected at most {0} for {1} with PiSSA, got {2}. Lower the rank.':
    '秩：使用 PiSSA 时，{1} 的秩最大为 {0}，实际为 {2}。请降低秩。',
  'Prefix tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches':
    'Prefix tuning 把向量加在词元之间，而图片没有词元；视觉提示微调把向量加在图块之间',
  'Prompt tuning puts its vectors among tokens, and pictures have none; visual prompt tuning puts them among patches':
    'Prompt tuning 把向量加在词元之间，而图片没有词元；视觉提示微调把向量加在图块之间',
  '{0}: the adapter has no trainable.safetensors with the network that made its prompt. Training continues with the prompt itself.':
    '{0}：适配器没有 trainable.safetensors，其中应有生成其提示的网络。训练将从提示本身继续。',
  'a ) without a (': '没有对应 ( 的 )',
  '{0}: expected a regular expression that Python can read, got {1}, which has {2}. Correct it.':
    '{0}：应为 Python 能读取的正则表达式，实际 {1} 中有：{2}。请更正。',
  '{0}: expected a regular expression without {1}, which TabTune does not support, got {2}. Write it in another way.':
    '{0}：TabTune 不支持正则表达式中的这种写法：{1}，实际为 {2}。请换一种方式书写。',
  'nothing to repeat': '没有可重复的内容',
  'possessive repeats': '占有型重复',
  'a repeat of a repeat': '对重复再次重复',
  'a repeat whose minimum is above its maximum': '最小值大于最大值的重复',
  'an end that is too early': '过早的结尾',
  'a backslash at its end': '末尾的反斜杠',
  '\\{0}, which stands for a group or an octal number,': '\\{0}（表示分组或八进制数）',
  '\\{0}, an escape that Python does not know': '\\{0}，Python 不认识的转义',
  'an impossible range': '不可能的范围',
  'a [ that is not closed': '没有闭合的 [',
  'a ( that is not closed': '没有闭合的 (',
  'flags that are not at its start': '不在开头的标志',
  '{0}: expected regular expressions that match quickly, got some that take too many steps. Simplify them.':
    '{0}：正则表达式应能快速匹配，实际有些步数过多。请简化它们。',
  '{0}: expected a regular expression of at most {1} characters, got {2}. Shorten it.':
    '{0}：正则表达式最多 {1} 个字符，实际为 {2} 个。请缩短它。',
  '{0} starts at {1} on this model: {2} below 10 million weights, {3} up to 1 billion, {4} from there.':
    '在此模型上，{0} 的初始值为 {1}：权重少于 1000 万时为 {2}，不超过 10 亿时为 {3}，更多时为 {4}。',
  'The learning rate is 0, so the run changes nothing.': '学习率为 0，因此本次运行不会改变任何东西。',
  'A learning rate of {0} is far above what {1} usually takes on a model of this size (about {2}). The loss may rise instead of falling.':
    '学习率 {0} 远高于 {1} 在这种规模的模型上的常用值（约 {2}）。损失可能不降反升。',
  'A learning rate of {0} is far below what {1} usually takes on a model of this size (about {2}). It may learn very little.':
    '学习率 {0} 远低于 {1} 在这种规模的模型上的常用值（约 {2}）。可能学到的很少。',
  'method: expected one of {0}, got {1}. Choose one of them.': '方法：应为 {0} 之一，实际为 {1}。请选择其中之一。',
  'adapter_config.json: expected an adapter of PEFT or TabTune, got one of MLX. Fuse it into its base with mlx_lm.fuse, without quantisation, and load the fused folder as a model.':
    'adapter_config.json：应为 PEFT 或 TabTune 的适配器，实际为 MLX 的适配器。请用 mlx_lm.fuse 将它融合到基座中（不量化），再将融合后的文件夹作为模型加载。',
  'adapter_config.json: expected peft_type to be one of {0}, got {1}. Choose another adapter.':
    'adapter_config.json：peft_type 应为 {0} 之一，实际：{1}。请选择其他适配器。',
  'fully trained modules: expected {0} or {1}, got {2}. Correct the list.': '完整训练的模块：应为 {0} 或 {1}，实际为 {2}。请更正列表。',
  'fully trained modules: expected {0} or lm_head, got {1}. Correct the list.':
    '完整训练的模块：应为 {0} 或 lm_head，实际为 {1}。请更正列表。',
  'adapter_config.json, modules_to_save: expected {0} or {1}, got {2}, which TabTune cannot train fully. Merge the adapter with PEFT and use the merged model, or use another adapter.':
    'adapter_config.json，modules_to_save：应为 {0} 或 {1}，实际为 {2}，TabTune 无法完整训练它。请用 PEFT 合并适配器后使用合并的模型，或使用其他适配器。',
  'The adapter was trained after {0} tokens were added to the vocabulary. Use it with the model that has them, or train again with New tokens.':
    '此适配器是在词表增加 {0} 个词元之后训练的。请将它用于含有这些词元的模型，或设置“新词元”重新训练。',
  'Use the adapter with the model that it was trained on.': '请将适配器用于训练它的模型。',
  'adapter, {0}: expected the shape [{1}, {2}] of this table in {3}, got [{4}]. {5}':
    '适配器，{0}：在 {3} 中，此表的形状应为 [{1}, {2}]，实际为 [{4}]。{5}',
  'adapter: expected the same values for embedding and head, which are one tensor in {0}, got different ones in {1}. Use the model that it was trained on.':
    '适配器：在 {0} 中，词嵌入和输出层是同一个张量，它们的值应相同，实际 {1} 中的值不同。请使用训练它的模型。',
  'adapter: expected its embedding and head to equal those of {0}, got other values in {1}. Use the model that it was trained on, or merge it into that model with PEFT.':
    '适配器：词嵌入和输出层应与 {0} 的相同，实际 {1} 中的值不同。请使用训练它的模型，或用 PEFT 将它合并到那个模型中。',
  'target modules: expected all-linear or some of {0}, got {1}. Correct the list.':
    '目标模块：应为 all-linear，或 {0} 中的若干个，实际：{1}。请更正列表。',
  '{0}: expected pairs such as down_proj=4, got {1}. Correct the list.': '{0}：应为 down_proj=4 这样的键值对，实际为 {1}。请更正列表。',
  'trained tokens: expected different token ids separated by commas, got {0}. Correct the list.':
    '要训练的词元：应为互不相同的词元 id，以英文逗号分隔，实际为 {0}。请更正列表。',
  'trained tokens: expected rows of a table that is otherwise frozen, got {0}, which is also a target module or a fully trained module. Remove it from one of the two settings.':
    '要训练的词元：所在的表在其他方面应保持冻结，实际为 {0}，它同时是目标模块或完整训练的模块。请从其中一项设置中移除它。',
  'trained tokens: expected a row in the head for each token from {0} to {1}, which the model lacks, got none for {2}. Correct the lists.':
    '要训练的词元：从 {0} 到 {1} 的每个词元（模型中没有）都应在输出层中有一行，实际 {2} 没有。请更正这些列表。',
  'trained tokens: expected a row in the embedding for each token from {0} to {1}, which the model lacks, got none for {2}. Correct the lists.':
    '要训练的词元：从 {0} 到 {1} 的每个词元（模型中没有）都应在词嵌入中有一行，实际 {2} 没有。请更正这些列表。',
  'trained tokens: expected none, because a model of the {0} family reads pictures and no tokens, got {1}. Remove them.':
    '要训练的词元：{0} 模型读取图片而非词元，因此应为空，实际为 {1}。请移除它们。',
  'adapter_config.json: expected trainable_token_indices for {0} or lm_head, got {1}. Use an adapter without them.':
    'adapter_config.json：trainable_token_indices 应针对 {0} 或 lm_head，实际为 {1}。请使用不含此设置的适配器。',
  'layers: expected at most {0}, the number of layers of {1}, got {2}. Choose fewer layers.':
    '层数：最多 {0}（{1} 的层数），实际为 {2}。请选择更少的层。',
  'adapter_config.json, deep: expected {0} in the file exactly if it is true, got {1}. Use the configuration that belongs to the file.':
    'adapter_config.json，deep：仅当文件中有 {0} 时才应为 true，实际为 {1}。请使用与文件配套的配置。',
}
