// 简体中文: sentences about settings, the GPU, models, decoding, export and scores (src/config, decode, export, gpu, measure, models, scores, tensor), by their English words.
import type { Dictionary } from '../../config/phrase'

export const engine: Dictionary = {
  'separator: expected none beside a prompt template, which says itself what is between prompt and completion, got {0}. Leave one of the two out.':
    '分隔文字：提示词模板已经规定了提示词与补全之间的内容，因此不应再有分隔文字，实际为 {0}。请去掉其中之一。',
  none: '无',
  '“{0}”': '“{0}”',
  'the chat template': '对话模板',
  '“User:”, the prompt, then “Assistant:”': '“User:”、提示词，然后是“Assistant:”',
  'the prompt as text to continue': '把提示词作为待续写的文本',
  'the prompt exactly as written': '提示词原文',
  'the prompt followed by a line break': '提示词后接换行',
  'the prompt alone, as in the data': '仅提示词，与数据中一致',
  'the prompt template {0}': '提示词模板{0}',
  'with the task description {0}': '附任务描述{0}',
  'with the system words {0}': '附系统提示词{0}',
  'task description': '任务描述',
  'system words': '系统提示词',
  '{0} instead of {1}': '{0}，而不是{1}',
  '{0} {1} instead of {2}': '{0}：{1}，而不是：{2}',
  'The rows are not worded as in the adapter’s training: {0}.': '这些行的提问方式与适配器训练时不同：{0}。',
  'The prompt is not worded as in the adapter’s training: {0}.': '提示词的提问方式与适配器训练时不同：{0}。',
  '{0}, asking: expected one of {1}, texts and a list of token ids, got {2}. Take "asking" out of the file.':
    '{0}，asking：应为 {1} 之一、文本和词元 id 列表，实际为 {2}。请从文件中删除 "asking"。',
  '{0}: expected a size such as 2GB or 900MiB, got {1}. Give a number with KB, MB, GB, KiB, MiB or GiB.':
    '{0}：应为 2GB 或 900MiB 这样的大小，实际为 {1}。请写数字并加上 KB、MB、GB、KiB、MiB 或 GiB。',
  '{0} Choose a smaller model, batch or length, or give the run a memory budget.':
    '{0}请选择更小的模型、批大小或长度，或者为训练设置显存上限。',
  'base: expected {0} on the GPU, got nothing there. Open the model again.': '基座：GPU 上应有 {0}，实际没有。请重新打开模型。',
  'Stopped as asked.': '已按要求停止。',
  'Forgetting: the loss on the held-out rows of {0} rose from {1} to {2}. Mix in more of the old rows, lower the learning rate, or take fewer steps.':
    '遗忘：{0} 的留出行上的损失从 {1} 升至 {2}。请混入更多旧数据、降低学习率或减少步数。',
  'The loss on {0} is {1}. It was {2} on {3} at the end of the training. If the adapter is to be used on such rows, train it further on them, and mix in some of the old ones.':
    '{0} 上的损失为 {1}，而训练结束时 {3} 上的损失为 {2}。如果适配器要用于这类数据，请用它们继续训练，并混入一部分旧数据。',
  '{0}, evaluation: expected a name of data, a number of rows and a loss, got {1}. Take "evaluation" out of the file.':
    '{0}，evaluation：应为数据名称、行数和损失，实际为 {1}。请从文件中删除 "evaluation"。',
  defaults: '默认值',
  'a number': '一个数',
  'true or false': '布尔值（true 或 false）',
  'one of {0}': '以下之一：{0}',
  text: '文本',
  'a number from {0} to {1}': '从 {0} 到 {1} 的数',
  'at most {0} characters': '最多 {0} 个字符',
  '{0}: expected {1}, got {2}': '{0}：应为{1}，实际为 {2}',
  '{0}: {1}. Correct these settings and try again.': '{0}：{1}。请更正这些设置后重试。',
  'unknown setting {0} (known: {1})': '未知设置 {0}（可用：{1}）',
  'unknown setting {0} (there are no settings)': '未知设置 {0}（此处没有任何设置）',
  settings: '设置',
  'The adapter was trained on {0}. The loaded {1} appears to be the same model in another format or precision, so answers may differ slightly.':
    '适配器是在 {0} 上训练的。已加载的 {1} 看来是同一模型的另一种格式或精度，因此回答可能略有不同。',
  'adapter: expected the model {0} (fingerprint {1}) that it was trained on, got {2} (fingerprint {3}), which it does not fit. Load the model that it was trained on.':
    '适配器：应为训练它时所用的模型 {0}（指纹 {1}），而当前模型是 {2}（指纹 {3}），两者不匹配。请加载训练它时所用的模型。',
  'The adapter was trained on {0} (fingerprint {1}). The loaded {2} has other weights (fingerprint {3}), so answers will probably be wrong. Load the model that it was trained on.':
    '该适配器是在 {0}（指纹 {1}）上训练的。已加载的 {2} 权重不同（指纹 {3}），因此回答很可能有误。请加载训练它时所用的模型。',
  '{0}, base: expected a name and two hashes of 64 hexadecimal digits, got {1}. Take "base" out of the file.':
    '{0}，base：应为一个名称和两个 64 位十六进制哈希值，实际为 {1}。请从文件中删除 "base"。',
  'prompt template: expected a text with {0} and, after it, {1}, each once, got {2}. Correct it.':
    '提示词模板：应为依次包含 {0} 和 {1}、且各出现一次的文本，实际为 {2}。请更正。',
  'The loss of step {0} is not a number.': '第 {0} 步的损失不是数字。',
  'The loss rose by {0} % of what it is without training.': '损失上升了未训练时损失的 {0} %。',
  'Its mean loss over the last {0} steps is the lowest of all stable rates: {1}.':
    '在所有稳定的学习率中，它最后 {0} 步的平均损失最低：{1}。',
  'Its mean loss over the last {0} steps, {1}, is within 2 % of the lowest ({2} at {3}), and of such rates the smallest goes furthest.':
    '它最后 {0} 步的平均损失为 {1}，与最低值（{3} 时为 {2}）相差不到 2 %；在这些学习率中，最小的那个能让训练走得更远。',
  '{0} and {1}: their difference in {2} ({3}) is not larger than the spread between seeds ({4}), so it may be chance.':
    '{0} 与 {1}：两者在 {2} 上的差异（{3}）不大于随机种子之间的波动（{4}），因此可能只是偶然。',
  'training settings': '训练设置',
  'run: expected an object with method, methodSettings and training, got something else. Set the run up again.':
    '训练：应为含有 method、methodSettings 和 training 的对象，实际不是。请重新配置训练。',
  'run: expected the name of a method, got none. Choose a method.': '训练：应为方法名称，实际没有。请选择一种方法。',
  'vary {0}: expected one of the chosen methods {1}, got {2}. Choose it too, or correct the name.':
    '变量 {0}：应为所选方法 {1} 之一，实际为 {2}。请把它也选上，或更正名称。',
  'vary {0}: runs that are evaluated on other rows, or on rows of another length, cannot be compared. Make a comparison for each value.':
    '变量 {0}：在不同的行或不同长度的行上评估的训练无法比较。请为每个取值分别做一次对比。',
  'vary {0}: expected a setting of a chosen method or of training, got {1}. Write it as METHOD.SETTING=VALUE,VALUE; run tabtune help for the settings.':
    '变量 {0}：应为所选方法或训练的某项设置，实际：{1}。请写成 METHOD.SETTING=VALUE,VALUE；运行 tabtune help 可查看所有设置。',
  nothing: '空',
  'vary {0}: expected values, got none. Write them as {1}=A,B.': '变量 {0}：应有取值，实际没有。请写成 {1}=A,B。',
  'vary {0}: expected each value once, got {1} twice. Leave one out.': '变量 {0}：每个取值只能出现一次，实际 {1} 出现了两次。请去掉一个。',
  'vary {0}: expected {1}, got {2}. Correct it.': '变量 {0}：应为{1}，实际为 {2}。请更正。',
  'vary {0}: expected values that a chosen method takes ({1}), got {2}. Leave it out, or choose another method too.':
    '变量 {0}：应为所选方法能用到的取值（{1}），实际为 {2}。请去掉它，或再选择另一种方法。',
  'methods: expected each method once, got {0} twice. To compare it with itself, vary a setting of it: {1}.SETTING=VALUE,VALUE.':
    '方法：每种方法只能出现一次，实际 {0} 出现了两次。若要与自身比较，请改变它的一项设置：{1}.SETTING=VALUE,VALUE。',
  'vary {0}: expected each setting once, got it twice. Put all values in one list.':
    '变量 {0}：每项设置只能出现一次，实际出现了两次。请把所有取值写在一个列表里。',
  'comparison: expected at most {0} runs, got more. Leave out methods or values.':
    '对比：最多 {0} 次训练，实际更多。请去掉一些方法或取值。',
  'The prompt is empty. Write a prompt.': '提示词为空。请输入提示词。',
  '{0}: expected a model that sorts pictures into classes, got a language model. Choose another model.':
    '{0}：应为图片分类模型，实际为语言模型。请换一个模型。',
  'map: expected finite features, got NaN or infinity. Load the base in a higher precision.':
    '分布图：特征应为有限数值，实际出现 NaN 或无穷大。请以更高的精度加载基座模型。',
  'map: the rows differ in many directions by the same amount, so two of them show nothing. Map other rows.':
    '分布图：各行在许多方向上的差异程度相同，只看其中两个方向说明不了什么。请换一些行。',
  generating: '生成',
  'The prompt has no tokens. Write a prompt.': '提示词不含任何词元。请输入提示词。',
  'The prompt has {0} tokens; this model takes at most {1}. Shorten the prompt.':
    '提示词有 {0} 个词元，而此模型最多接受 {1} 个。请缩短提示词。',
  'the logits': 'logits',
  'the map': '分布图',
  'map: expected at least {0} rows, got {1} and {2}. Choose other rows.': '分布图：应至少有 {0} 行，实际为 {1} 行，另有 {2}。请换一些行。',
  'map: expected at least {0} rows, got {1}. Choose more rows.': '分布图：应至少有 {0} 行，实际为 {1} 行。请选择更多行。',
  '{0}, {1}: expected F32, F16 or BF16, got {2}. Convert the adapter to one of these formats.':
    '{0}，{1}：应为 F32、F16 或 BF16，实际为 {2}。请把适配器转换为其中一种格式。',
  '{0}, {1}: expected finite numbers, got {2}. The adapter is damaged.': '{0}，{1}：应为有限数值，实际为 {2}。适配器已损坏。',
  '{0}: expected JSON, got something else. The file is damaged.': '{0}：应为 JSON，实际不是。文件已损坏。',
  '{0}: expected an object, got {1}. The file is damaged.': '{0}：应为对象，实际：{1}。文件已损坏。',
  "{0}: expected a folder with {1} and adapter_model.safetensors, got {2}. Choose an adapter's folder.":
    '{0}：应为含有 {1} 和 adapter_model.safetensors 的文件夹，实际：{2}。请选择适配器所在的文件夹。',
  'no files': '没有文件',
  adapter: '适配器',
  "adapter: expected a folder with {0}, got {1}. Choose an adapter's folder.":
    '适配器：应为含有 {0} 的文件夹，实际：{1}。请选择适配器所在的文件夹。',
  '{0}: expected only tensors that llama.cpp knows, got {1}. Merge into a folder instead.':
    '{0}：应只含 llama.cpp 认识的张量，实际有 {1}。请改为合并成文件夹。',
  'merging: expected a method that changes weights, got {0}, which adds other computations. Use the adapter without merging it.':
    '合并：应为修改权重的方法，实际为 {0}，它增加了其他计算。请不要合并，直接使用适配器。',
  'MLX adapter: expected LoRA, QLoRA or DoRA, got {0}, which adds other computations and cannot be merged. Use it in TabTune or in PEFT.':
    'MLX 适配器：应为 LoRA、QLoRA 或 DoRA，实际为 {0}，它增加了其他计算，无法合并。请在 TabTune 或 PEFT 中使用它。',
  'Ollama: expected a LoRA adapter, got {0}, which adds other computations and cannot be merged. Use it in TabTune or in PEFT.':
    'Ollama：应为 LoRA 适配器，实际为 {0}，它增加了其他计算，无法合并。请在 TabTune 或 PEFT 中使用它。',
  'MLX adapter: {0}. Merge the adapter into a Hugging Face folder, which mlx_lm.convert reads.':
    'MLX 适配器：{0}。请将适配器合并到 Hugging Face 文件夹，mlx_lm.convert 可以读取它。',
  'expected LoRA, QLoRA or DoRA, got {0}': '应为 LoRA、QLoRA 或 DoRA，实际为 {0}',
  'expected a model that writes text, got {0}': '应为生成文本的模型，实际为 {0}',
  'expected low-rank updates only, got the trained tensor {0}': '应只含低秩更新，实际还有训练过的张量 {0}',
  'expected no update of the embedding or the head, because the two are one table here and mlx-lm would apply it to both, got {0}':
    '不应更新词嵌入或输出层，因为二者在此处是同一张表，而 mlx-lm 会把更新同时用于两者，实际有：{0}',
  'the embedding': '词嵌入',
  'the head': '输出层',
  'Modelfile: expected words without {0}, got some with them. Take them out of the task description or the system words.':
    'Modelfile：文字中不应含有 {0}，实际含有。请从任务描述或系统提示词中去掉它们。',
  'Ollama: expected a LoRA adapter that llama.cpp can compute (no added tokens, no update of tied tables), got {0}. Merge it into a GGUF file instead (tabtune merge --gguf), and put FROM with that file into a Modelfile.':
    'Ollama：应为 llama.cpp 能计算的 LoRA 适配器（没有新增词元，也不更新共享的表），实际为 {0}。请改为将它合并到 GGUF 文件（tabtune merge --gguf），再把指向该文件的 FROM 写入 Modelfile。',
  'graphics device: lost ({0}). Close other programs that use the graphics card, then try again.':
    '显卡设备：已丢失（{0}）。请关闭其他使用显卡的程序，然后重试。',
  'graphics device: {0}': '显卡设备：{0}',
  'WebGPU: expected a browser that offers WebGPU on this page, got one that does not. Use a current Chrome, Edge, Firefox or Safari over https or localhost.':
    'WebGPU：浏览器应在此页面提供 WebGPU，实际没有提供。请使用新版 Chrome、Edge、Firefox 或 Safari，并通过 https 或 localhost 打开。',
  'WebGPU: expected a graphics adapter, got none. Turn on hardware acceleration in the browser; on Linux start Chrome with --enable-unsafe-webgpu.':
    'WebGPU：应有图形适配器，实际没有找到。请在浏览器中开启硬件加速；在 Linux 上请用 --enable-unsafe-webgpu 启动 Chrome。',
  'graphics device: expected an answer, got none for {0} seconds. Give it smaller pieces of work.':
    '显卡设备：应有响应，实际 {0} 秒内没有响应。请减小每次的计算量。',
  'graphics memory: expected a buffer of at most {0}, got {1} for {2}. Choose a smaller batch size or maximum length.':
    '显存：缓冲区最大为 {0}，实际 {2} 需要 {1}。请减小批大小或最大长度。',
  'graphics memory: {0} needs {1} in addition to {2} in use, which the device refused ({3}).':
    '显存：已用 {2}，{0}还需要 {1}，设备拒绝分配（{3}）。',
  'kernel {0}: {1}': '内核 {0}：{1}',
  'the browser did not answer': '浏览器没有响应',
  'graphics device: lost, and the browser did not give it back within {0} seconds ({1}). Reload the page with F5. If that does not help, restart the browser.':
    '显卡设备：已丢失，浏览器在 {0} 秒内没有恢复它（{1}）。请按 F5 刷新页面。如果仍无效，请重启浏览器。',
  'the benchmark': '基准测试',
  'and {0} more': '另外 {0} 个',
  '{0}: expected the tensors of a model of the {1} family': '{0}：应为 {1} 模型的张量',
  '{0}, got a file without a head ({1}), and config.json does not say that the embedding is the head. Embedding models are saved like this. Choose a model that generates text.':
    '{0}，实际文件没有输出层（{1}），而 config.json 也没有说明词嵌入就是输出层。嵌入模型会这样保存。请选择能生成文本的模型。',
  '{0}, got a file where {1}, and with {2} instead. Choose another model, or rename its tensors as in transformers.':
    '{0}，实际文件中：{1}，却有 {2}。请换一个模型，或按 transformers 的命名重命名其中的张量。',
  '{0}, got a file that also has {1}, which TabTune does not support. Choose another model.':
    '{0}，实际文件还有 {1}，TabTune 不支持。请换一个模型。',
  '{0}, got a file where {1}. Choose the complete model.': '{0}，实际文件中：{1}。请选择完整的模型。',
  '{0} is missing': '缺少 {0}',
  '{0} should be [{1}] and is [{2}]': '{0} 的形状应为 [{1}]，实际为 [{2}]',
  '{0}: expected all experts of a block in one number format, got {1} from {2} on. Choose another file of this model.':
    '{0}：同一块的所有专家应为同一种数值格式，实际从 {2} 起为 {1}。请选择此模型的其他文件。',
  '{0}: expected experts that were not quantised before, or in GGUF, got {1} in {2}. Choose the original model, and the base precision nf4.':
    '{0}：专家应为未经量化的权重，或来自 GGUF，实际 {2} 为 {1}。请选择原始模型，并使用基座精度 nf4。',
  '{0}: expected {1}, which is missing. Choose the complete model.': '{0}：应有 {1}，实际缺失。请选择完整的模型。',
  'the model {0}': '模型“{0}”',
  '{0} MiB in {1}': '{1} 时为 {0} MiB',
  '{0} Instead of {1} MiB it takes {2}. Choose one of these as the base precision, or a smaller model.':
    '{0}换一种精度，占用可从 {1} MiB 降低：{2}。请从中选择一种作为基座精度，或换一个更小的模型。',
  '{0} No other base precision takes much less. Choose a smaller model.': '{0}其他基座精度也不会明显减少占用。请换一个更小的模型。',
  "{0}: expected rotary frequencies above 0, got {1}. Compare the rotary scaling with the publisher's, or choose another model.":
    '{0}：旋转频率应大于 0，实际为 {1}。请与发布者的旋转缩放核对，或换一个模型。',
  '{0}: expected the type {1}, got {2}. Choose a model with one of these types.':
    '{0}：类型应为 {1}，实际为 {2}。请选择其中一种类型的模型。',
  "{0}: expected the model's weights for {1}, got only its config.json. Choose the whole folder.":
    '{0}：应有模型中 {1} 的权重，实际只有 config.json。请选择整个文件夹。',
  'the principal parts of {0}': '“{0}”的主成分',
  'unpacking {0}': '解包“{0}”',
  '{0}: expected the texts prompt and answer, got columns {1}. Rename the columns.':
    '{0}：应有文本列 prompt 和 answer，实际的列为 {1}。请重命名这些列。',
  'of no kind': '无',
  '{0}: expected an answer to each of the {1} held-out rows that are answered, got none to {2}, the first of them “{3}”. Answer the same rows, with the same prompts.':
    '{0}：应对参与作答的 {1} 个留出行各有一个回答，实际缺少 {2} 个，第一个是“{3}”。请用相同的提示词回答相同的行。',
  'metrics: expected some of {0}, got {1}. Correct the name.': '指标：应为 {0} 中的若干个，实际为 {1}。请更正名称。',
  'answers: expected two files with the same prompts and expected answers in the same order, got another row {0}. Answer the same rows with both models.':
    '回答：两个文件应以相同顺序包含相同的提示词和参考答案，实际第 {0} 条不同。请用两个模型回答相同的行。',
  '{0}: expected {1} values for [{2}], got {3}.': '{0}：应有 {1} 个值，形状为 [{2}]，实际为 {3} 个。',
  '{0}: expected each parameter once, got it twice. This is a mistake in the method.':
    '{0}：每个参数只能出现一次，实际出现了两次。这是该方法的程序错误。',
  '{0}: expected at most {1} bytes in one trainable tensor on this device, got {2}. Choose a smaller model, or settings that do not train this whole tensor.':
    '{0}：在此设备上，一个可训练张量最多 {1} 字节，实际为 {2} 字节。请换一个更小的模型，或选择不训练整个张量的设置。',
  'graphics memory: expected tensors of at most {0} bytes on this device, got one of {1}. Choose a smaller batch size or maximum length.':
    '显存：在此设备上，张量最多 {0} 字节，实际有一个为 {1} 字节。请减小批大小或最大长度。',
  'The conversation has {0} tokens; this model takes at most {1}. Begin a new one, or shorten the prompt.':
    '对话共有 {0} 个词元，此模型最多接受 {1} 个。请开始新的对话，或缩短提示词。',
}
