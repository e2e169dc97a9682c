// 简体中文: sentences about files of models (src/formats, without its folders), by their English words.
import type { Dictionary } from '../../config/phrase'

export const formats: Dictionary = {
  '{0}: expected the activation {1} of {2} models, got {3}. Choose another model.':
    '{0}：应为 {2} 模型的激活函数 {1}，实际为 {3}。请换一个模型。',
  '{0}: expected values up to 65504 for F16, got larger ones. Choose BF16 or F32 for the adapter.':
    '{0}：F16 的值最大为 65504，实际有更大的值。请为适配器选择 BF16 或 F32。',
  '{0}: expected the bytes that were kept, got others in megabyte {1}. The copy in this browser is damaged. Delete it in the Library, and open the original again.':
    '{0}：应为当初保存的字节，实际第 {1} 兆字节不同。此浏览器中的副本已损坏。请在资料库中将其删除，然后重新打开原文件。',
  'the name of an architecture': '架构名称',
  'a whole number from 1': '大于等于 1 的整数',
  'at most 1024': '不大于 1024 的数',
  'at most {0}': '不大于 {0} 的数',
  'at most {0} heads of {1} numbers': '每个 {1} 个数的头最多 {0} 个',
  'an even number up to {0}': '不大于 {0} 的偶数',
  'an even number': '偶数',
  'a divisor of {0} heads': '头数 {0} 的约数',
  "{0}: {1}. TabTune cannot run a model with such numbers. Compare the file with its publisher's, or choose another model.":
    '{0}：{1}。TabTune 无法运行含有这种数值的模型。请与发布者的文件核对，或换一个模型。',
  "{0}: expected the matrices of {1} experts, got [{2}]. Use the model's own configuration.":
    '{0}：应为 {1} 个专家的矩阵，实际为 [{2}]。请使用模型自身的配置。',
  'false, 0 or nothing': '未设置、false 或 0',
  'true or nothing': '未设置或 true',
  '1 or nothing': '未设置或 1',
  'the size of the heads': '注意力头的大小',
  '1 / √(size of the heads) or nothing': '未设置或 1 / √（注意力头的大小）',
  'This model makes embeddings or scores and writes no text. Choose a model that writes text.':
    '此模型生成嵌入或评分，不生成文本。请选择能生成文本的模型。',
  'full_attention or sliding_attention for each layer': '每层为 full_attention 或 sliding_attention',
  '1 (softmax) or nothing': '未设置或 1（softmax）',
  '{0}: {1}. {2}': '{0}：{1}。{2}',
  'TabTune does not compute this. Choose another model.': 'TabTune 不支持这种计算。请换一个模型。',
  '{0}: expected the rotary scaling default for sliding_attention, got {1}. Choose another model.':
    '{0}：sliding_attention 的旋转缩放应为 default，实际为 {1}。请换一个模型。',
  '{0}, {1}: expected the same number for all layers, got {2}. TabTune runs models whose layers all have one size. Choose another model.':
    '{0}，{1}：所有层的数值应相同，实际：{2}。TabTune 只运行各层大小相同的模型。请换一个模型。',
  'an empty list': '空列表',
  '{0}: expected no rotary scaling, a linear one, YaRN or one by rope_freqs.weight, got {1}. Choose another model.':
    '{0}：旋转缩放应为无、线性、YaRN 或由 rope_freqs.weight 给出，实际为 {1}。请换一个模型。',
  '{0}, rope.scaling.factor: expected a number from 0, got {1}. The file may be damaged; download it again.':
    '{0}，rope.scaling.factor：应为大于等于 0 的数，实际为 {1}。文件可能已损坏，请重新下载。',
  '{0}, {1}: expected {2} F32 factors, got {3}. The file is damaged; download it again.':
    '{0}，{1}：应有 {2} 个 F32 因子，实际为 {3}。文件已损坏，请重新下载。',
  '{0}, {1}: expected factors above 0, got {2}. The file is damaged; download it again.':
    '{0}，{1}：因子应大于 0，实际为 {2}。文件已损坏，请重新下载。',
  '{0}: expected a family that GGUF has, got {1}. {2}. Choose a folder.': '{0}：应为 GGUF 支持的模型系列，实际为 {1}。{2}。请选择文件夹。',
  'GGUF: expected a rotary scaling that llama.cpp computes for {0} models, got {1}. Merge into a folder instead.':
    'GGUF：旋转缩放应为 llama.cpp 对 {0} 模型支持的方式，实际为 {1}。请改为合并成文件夹。',
  'GGUF: expected a model that llama.cpp runs, got {0}. {1}. Merge into a folder instead.':
    'GGUF：应为 llama.cpp 能运行的模型，实际为 {0}。{1}。请改为合并成文件夹。',
  'GGUF: expected a model of the {0} family, because the rotary frequencies are scaled one by one, got {1}. Merge into a folder instead.':
    'GGUF：旋转频率是逐个缩放的，因此应为 {0} 模型，实际为 {1}。请改为合并成文件夹。',
  'type number {0}': '类型编号 {0}',
  '{0} (1 tensor)': '{0}（1 个张量）',
  '{0} ({1} tensors)': '{0}（{1} 个张量）',
  '{0}: expected tensors of {1}, got {2}. Choose a file of this model with another quantisation, such as Q4_K_M or Q8_0.':
    '{0}：张量类型应为 {1}，实际为 {2}。请选择此模型的其他量化文件，例如 Q4_K_M 或 Q8_0。',
  '{0}: expected rows up to {1}, got {2} from row {3}. This is a mistake in TabTune.':
    '{0}：最多到第 {1} 行，实际从第 {3} 行起读取 {2} 行。这是 TabTune 的程序错误。',
  '{0}, tensor {1}: expected whole heads of {2} rows, got {3}. The file is damaged; download it again.':
    '{0}，张量 {1}：应由完整的头组成（每个 {2} 行），实际为 {3} 行。文件已损坏，请重新下载。',
  '{0}: expected a language model, got an adapter in GGUF. Load its base model here, then import the adapter.':
    '{0}：应为语言模型，实际为 GGUF 格式的适配器。请先在此加载它的基座模型，再导入适配器。',
  "{0}: expected a language model, got the encoder of pictures or sound of one (mmproj). Choose the language model's own GGUF file.":
    '{0}：应为语言模型，实际为语言模型的图像或声音编码器（mmproj）。请选择语言模型本身的 GGUF 文件。',
  '{0}: expected a language model, got a GGUF file of type {1}. Choose the model itself.':
    '{0}：应为语言模型，实际为 {1} 类型的 GGUF 文件。请选择模型本身。',
  "{0}: expected a model with tensors, got a file with metadata only. Choose the model's own file.":
    '{0}：应为含有张量的模型，实际文件只有元数据。请选择模型本身的文件。',
  '{0}: expected split.no below split.count, got {1} of {2}. The file is damaged; download it again.':
    '{0}：split.no 应小于 split.count，实际为 {1} 和 {2}。文件已损坏，请重新下载。',
  '{0}: expected a part of a model in {1} files, got one of {2}. Choose the parts of one model.':
    '{0}：应为分成 {1} 个文件的模型的一部分，实际属于分成 {2} 个文件的模型。请选择同一模型的各部分。',
  '{0}: expected each part once, got part {1} a second time. Choose the parts of one model.':
    '{0}：每个部分只能出现一次，实际第 {1} 部分出现了两次。请选择同一模型的各部分。',
  ' and {0} more': ' 以及另外 {0} 个',
  '{0}: expected all {1} parts of the model, got none named {2}{3}. Choose all parts together, or their folder.':
    '{0}：应有模型的全部 {1} 个部分，实际缺少 {2}{3}。请同时选择所有部分，或选择它们所在的文件夹。',
  '{0}: expected each tensor in one file only, got {1} a second time. Choose the parts of one model.':
    '{0}：每个张量只应在一个文件中，实际 {1} 出现了两次。请选择同一模型的各部分。',
  '{0}: expected {1} tensors in all parts, got {2}. Choose the parts of one model, or download them again.':
    '{0}：所有部分合计应有 {1} 个张量，实际为 {2} 个。请选择同一模型的各部分，或重新下载。',
  '{0}: expected {1} bytes for {2} at byte {3}, got a file of {4} bytes. The file is cut off or damaged; download it again.':
    '{0}：读取 {2} 需要第 {3} 字节处的 {1} 字节，实际文件只有 {4} 字节。文件不完整或已损坏，请重新下载。',
  '{0}: expected {1} that fits a file, got {2}. The file is damaged; download it again.':
    '{0}：{1}应与文件大小相符，实际为 {2}。文件已损坏，请重新下载。',
  'number of {0}': '{0}的数量',
  '{0}: expected at most {1} {2}, got {3}. The file is damaged; download it again.':
    '{0}：{2}最多 {1} 个，实际为 {3} 个。文件已损坏，请重新下载。',
  '{0}: expected room for {1} {2}, got only {3} bytes to the end of the file. The file is cut off or damaged; download it again.':
    '{0}：应能容纳 {1} 个{2}，实际到文件末尾只有 {3} 字节。文件不完整或已损坏，请重新下载。',
  'length of {0}': '{0} 的长度',
  '{0}: expected {1} of at most {2} bytes, got {3}. The file is damaged; download it again.':
    '{0}：{1} 最多 {2} 字节，实际为 {3} 字节。文件已损坏，请重新下载。',
  '{0}, {1}: expected a GGUF value type from 0 to 12, got {2}. The file is damaged, or newer than TabTune supports.':
    '{0}，{1}：GGUF 值类型应为 0 到 12，实际为 {2}。文件已损坏，或比 TabTune 支持的版本更新。',
  'texts in {0}': '“{0}”中的文本',
  '{0}, {1}: expected a plain list, got a list of lists. The file is damaged; download it again.':
    '{0}，{1}：应为普通列表，实际为列表的列表。文件已损坏，请重新下载。',
  'values in {0}': '“{0}”中的值',
  'GGUF, {0}: expected {1} bytes, got {2}. This is a mistake in TabTune.':
    'GGUF，{0}：应有 {1} 字节，实际为 {2} 字节。这是 TabTune 的程序错误。',
  '{0}: expected a GGUF file, got something else. Choose another file.': '{0}：应为 GGUF 文件，实际不是。请选择其他文件。',
  'a big-endian file': '大端序文件',
  'version {0}': '版本 {0}',
  '{0}: expected GGUF version 2 or 3 in little-endian order, got {1}. Convert the model again with a current llama.cpp.':
    '{0}：应为小端序的 GGUF 版本 2 或 3，实际为{1}。请用新版 llama.cpp 重新转换模型。',
  'a metadata key': '元数据键',
  '{0}: expected metadata keys of at most 65535 bytes, got {1}. The file is damaged; download it again.':
    '{0}：元数据键最多 65535 字节，实际为 {1} 字节。文件已损坏，请重新下载。',
  '{0}: expected each metadata key once, got {1} twice. The file is damaged; download it again.':
    '{0}：每个元数据键只能出现一次，实际 {1} 出现了两次。文件已损坏，请重新下载。',
  '{0}: expected dimensions that fit a file, got {1}. The file is damaged; download it again.':
    '{0}：维度应与文件大小相符，实际为 {1}。文件已损坏，请重新下载。',
  '{0}: expected rows whose length is a multiple of {1} for {2}, got {3} weights. The file is damaged; download it again.':
    '{0}：对 {2} 来说，行长应为 {1} 的倍数，实际为 {3} 个权重。文件已损坏，请重新下载。',
  'a tensor name': '张量名称',
  'the number of dimensions': '维数',
  '{0}: expected 1 to {1} dimensions, got {2}. The file is damaged; download it again.':
    '{0}：应有 1 到 {1} 维，实际为 {2} 维。文件已损坏，请重新下载。',
  'a dimension': '维度',
  'a tensor type': '张量类型',
  'a tensor offset': '张量偏移量',
  '{0}, general.alignment: expected a power of two up to {1}, got {2}. The file is damaged; download it again.':
    '{0}，general.alignment：应为不超过 {1} 的 2 的幂，实际为 {2}。文件已损坏，请重新下载。',
  '{0}: expected each tensor name once, got this one twice. The file is damaged; download it again.':
    '{0}：每个张量名称只能出现一次，实际它出现了两次。文件已损坏，请重新下载。',
  '{0}: expected an offset that is a multiple of {1}, got {2}. The file is damaged; download it again.':
    '{0}：偏移量应为 {1} 的倍数，实际为 {2}。文件已损坏，请重新下载。',
  '{0}: expected data up to byte {1}, got a file of {2} bytes. The file is cut off; download it again.':
    '{0}：数据应到第 {1} 字节，实际文件只有 {2} 字节。文件不完整，请重新下载。',
  '{0}: expected tensors side by side, got {1} and {2}, which overlap. The file is damaged; download it again.':
    '{0}：张量应彼此相邻，实际 {1} 与 {2} 重叠。文件已损坏，请重新下载。',
  tensors: '张量',
  'metadata entries': '元数据条目',
  '{0}: expected rotary embeddings over the whole head, got partial_rotary_factor {1}. Choose another model.':
    '{0}：旋转位置编码应作用于整个头，实际 partial_rotary_factor 为 {1}。请换一个模型。',
  "{0}, {1}: expected an even part of {2} numbers of a head, got {3}. Use the model's original config.json.":
    '{0}，{1}：应为每个头 {2} 个数中的偶数个，实际为 {3}。请使用模型原始的 config.json。',
  'a head that classifies. Choose the model that it was made from': '这是分类头。请选择它所基于的模型',
  'a language model inside a larger model. Choose its text-only version, or a GGUF file of it':
    '这是更大模型中的语言模型。请选择它的纯文本版本，或它的 GGUF 文件',
  'another head than the one that writes text. Choose the model with that head': '这不是生成文本的输出层。请选择带有该输出层的模型',
  '{0}: expected a language model (…ForCausalLM), got {1}, {2}.': '{0}：应为语言模型（…ForCausalLM），实际为 {1}，{2}。',
  '{0}: expected a language model, got a model of type {1} with a text_config, {2}.':
    '{0}：应为语言模型，实际为带有 text_config 的 {1} 类型模型，{2}。',
  '{0}: expected a language model with the head that writes text, got {1}, which classifies. Choose the model that it was made from.':
    '{0}：应为带有文本生成输出层的语言模型，实际有 {1}，它用于分类。请选择它所基于的模型。',
  '{0}: expected at most {1} bytes, got {2}. Choose a folder in which this file is smaller.':
    '{0}：最多 {1} 字节，实际为 {2} 字节。请选择此文件更小的文件夹。',
  '{0}: expected a JSON object, got something else. Download the file again.': '{0}：应为 JSON 对象，实际不是。请重新下载此文件。',
  'model.safetensors.index.json: expected all the files that it names beside it, got a folder without {0}. Choose the whole folder.':
    'model.safetensors.index.json：它列出的所有文件都应在同一文件夹中，实际缺少 {0}。请选择整个文件夹。',
  'model.safetensors.index.json: expected names of files, got an empty list. Download the file again.':
    'model.safetensors.index.json：应有文件名，实际为空列表。请重新下载此文件。',
  '{0} files without model.safetensors.index.json': '{0} 个文件，但没有 model.safetensors.index.json',
  'model folder: expected model.safetensors or its parts with their index, got {0}. Choose the whole folder.':
    '模型文件夹：应有 model.safetensors，或它的各部分及索引，实际：{0}。请选择整个文件夹。',
  "{0}: expected each tensor in one file only, got {1} a second time. Choose one model's files only.":
    '{0}：每个张量只应在一个文件中，实际 {1} 出现了两次。请只选择一个模型的文件。',
  '{0} and {1} others': '{0} 以及另外 {1} 个',
  '{0}: expected tensors of {1}, got {2} in {3}. Choose the model with one of these types.':
    '{0}：张量类型应为 {1}，实际 {3} 的类型为 {2}。请选择其中一种类型的模型。',
  '{0}: expected a vocab_size of {1}, the number of rows of the embedding, got {2}. Use the config.json that belongs to these weights.':
    '{0}：vocab_size 应为 {1}（词嵌入的行数），实际为 {2}。请使用与这些权重配套的 config.json。',
  'The model also reads pictures; TabTune uses its language model alone and leaves out {0} tensors':
    '此模型还能读取图片；TabTune 只使用其中的语言模型，忽略了 {0} 个张量',
  'names of settings': '各项为设置的名称',
  'lists and objects nested at most {0} deep': '列表和对象的嵌套不超过 {0} 层',
  'deeper ones': '更深的嵌套',
  'the file': '文件',
  'a "{0}"': '含有 "{0}"',
  '{0} to be {1}': '{0} 为{1}',
  '{0}: expected {1}, got {2}. Use the {3} that belongs to the model.': '{0}：应满足“{1}”，实际：{2}。请使用模型自带的 {3}。',
  'a list of {0}': '含 {0} 项的列表',
  'in column {0}': '位于第 {0} 列',
  'as the scale of the block that begins at column {0}': '是从第 {0} 列开始的块的缩放系数',
  '{0}, row {1}: expected finite weights, got {2} {3}. The file is damaged, or was saved from a failed training run. Use another copy or another model.':
    '{0}，第 {1} 行：权重应为有限数值，实际为 {2}，{3}。文件已损坏，或保存自失败的训练。请使用其他副本或其他模型。',
  '{0}: expected weights that {1} can hold, got one of size {2}. Choose the base precision nf4 or f32 for this model.':
    '{0}：权重应能用 {1} 表示，实际有一个大小为 {2}。请为此模型选择基座精度 nf4 或 f32。',
  '{0}: expected weights up to 65504 for 16-bit floats, got {1}. Choose the base precision native or f32 for this model.':
    '{0}：16 位浮点数的权重最大为 65504，实际为 {1}。请为此模型选择基座精度 native 或 f32。',
  '{0}: expected weights that {1} can hold, got one of size {2}. Choose F32 for this file.':
    '{0}：权重应能用 {1} 表示，实际有一个大小为 {2}。请为此文件选择 F32。',
  '{0}: expected its stored format, f32, f16, bf16, q8_0, q4_0, nf4, nf4-dq or fp4 on the GPU, got {1}. Choose one of these as the base precision.':
    '{0}：在 GPU 上应为原存储格式、f32、f16、bf16、q8_0、q4_0、nf4、nf4-dq 或 fp4，实际为 {1}。请选择其中之一作为基座精度。',
  '{0}: expected {1} bytes at byte {2}, got a file of {3} bytes. The file is cut off; download it again.':
    '{0}：第 {2} 字节处应有 {1} 字节，实际文件只有 {3} 字节。文件不完整，请重新下载。',
  'classes: expected at least two names, got {0}. Add classes.': '类别：至少应有两个名称，实际为 {0} 个。请添加类别。',
  'files: expected one model, got {0} folders with config.json. Choose one of them.':
    '文件：应为一个模型，实际有 {0} 个含 config.json 的文件夹。请选择其中一个。',
  '{0}: expected a GGUF file, got an empty file. Download it again.': '{0}：应为 GGUF 文件，实际为空文件。请重新下载。',
  'one that begins with “{0}”': '以“{0}”开头的文件',
  'one with other bytes': '含有其他字节的文件',
  '{0}: expected a file that begins with “GGUF”, got {1}. Download it again, or choose another file.':
    '{0}：应为以“GGUF”开头的文件，实际为{1}。请重新下载，或选择其他文件。',
  '{0}: expected a base model, got an adapter. Load its base model here, then import the adapter.':
    '{0}：应为基座模型，实际为适配器。请先在此加载它的基座模型，再导入适配器。',
  "{0}: expected a model, got the weights of an adapter. Choose the adapter's whole folder or zip.":
    '{0}：应为模型，实际为适配器的权重。请选择适配器的整个文件夹或 zip。',
  "{0}: expected config.json beside the safetensors files, got none. Choose the model's whole folder.":
    '{0}：safetensors 文件旁应有 config.json，实际没有。请选择模型的整个文件夹。',
  "{0}: expected GGUF or safetensors, got a zip or PyTorch file, which can run any program when it is opened. Convert the model where you trust it, in Python: AutoModelForCausalLM.from_pretrained('FOLDER').save_pretrained('NEW_FOLDER') of transformers writes safetensors.":
    "{0}：应为 GGUF 或 safetensors，实际为 zip 或 PyTorch 文件，打开这类文件可能运行任意程序。请在可信的环境中用 Python 转换模型：transformers 的 AutoModelForCausalLM.from_pretrained('FOLDER').save_pretrained('NEW_FOLDER') 会写出 safetensors。",
  '{0}: expected GGUF or safetensors, got weights of TensorFlow, Flax, Rust or ONNX. Choose the model in safetensors.':
    '{0}：应为 GGUF 或 safetensors，实际为 TensorFlow、Flax、Rust 或 ONNX 的权重。请选择 safetensors 格式的模型。',
  "{0}: expected weights (safetensors) beside config.json, got none. Choose the model's whole folder.":
    '{0}：config.json 旁应有权重（safetensors），实际没有。请选择模型的整个文件夹。',
  '{0}: expected a GGUF file or a Hugging Face folder with config.json and safetensors, got neither. Choose the file or the whole folder of a model.':
    '{0}：应为 GGUF 文件，或含有 config.json 和 safetensors 的 Hugging Face 文件夹，实际都不是。请选择模型的文件或整个文件夹。',
  '{0}: expected a language model, got a model of the {1} family, which sorts pictures into classes. Train and use it on the command line (tabtune train, eval, predict and inspect), or choose a language model.':
    '{0}：应为语言模型，实际为用于图片分类的 {1} 模型。请在命令行中训练和使用它（tabtune train、eval、predict 和 inspect），或选择语言模型。',
  'files: expected one GGUF file, got {0}. Choose one of them.': '文件：应为一个 GGUF 文件，实际为 {0} 个。请选择其中一个。',
  "{0}, {1}: expected a number of pixels, or two, got {2}. Use the model's original config.json.":
    '{0}，{1}：应为一个或两个像素数，实际：{2}。请使用模型原始的 config.json。',
  "{0}, num_labels: expected a whole number from 1, got {1}. Use the model's original config.json.":
    '{0}，num_labels：应为大于等于 1 的整数，实际：{1}。请使用模型原始的 config.json。',
  "{0}, id2label: expected a name for each class from 0 on, got {1}. Use the model's original config.json.":
    '{0}，id2label：应从 0 开始为每个类别给出名称，实际：{1}。请使用模型原始的 config.json。',
  '{0}, num_channels: expected 3 (red, green and blue), got {1}. Choose another model.':
    '{0}，num_channels：应为 3（红、绿、蓝），实际：{1}。请换一个模型。',
  '{0}: expected square patches that fill a picture, got patches of {1} × {2} in pictures of {3} × {4}. Choose another model.':
    '{0}：应为铺满图片的正方形图块，实际图块为 {1} × {2}，图片为 {3} × {4}。请换一个模型。',
  '{0}: expected a model of the {1} family that sorts pictures into classes ({2}), got {3}. Choose a model with that head.':
    '{0}：应为用于图片分类的 {1} 模型（{2}），实际：{3}。请选择带有该输出层的模型。',
  "{0}: expected a positive number for {1} of the rotary scaling, got {2}. Use the model's original config.json.":
    '{0}：旋转缩放的 {1} 应为正数，实际：{2}。请使用模型原始的 config.json。',
  "{0}: expected {1} positive numbers for {2} of the rotary scaling, got {3}. Use the model's original config.json.":
    '{0}：旋转缩放的 {2} 应为 {1} 个正数，实际为 {3}。请使用模型原始的 config.json。',
  '{0}: expected rotary scaling default, linear, dynamic, yarn, longrope or llama3, got {1}. Choose a model with one of these.':
    '{0}：旋转缩放应为 default、linear、dynamic、yarn、longrope 或 llama3，实际为 {1}。请选择其中一种的模型。',
  "config.json: expected Llama 3's rotary scaling or a linear one, got other factors. Start from the model's Hugging Face folder instead.":
    'config.json：旋转缩放应为 Llama 3 的方式或线性方式，实际为其他因子。请改从模型的 Hugging Face 文件夹开始。',
  '{0}: expected a flat header, got nesting deeper than {1}. The file is damaged or made to do harm. Choose another file.':
    '{0}：文件头应为扁平结构，实际嵌套超过 {1} 层。文件已损坏或为恶意文件。请选择其他文件。',
  '{0}: expected at most {1} tensors, got more. The file is damaged or made to do harm. Choose another file.':
    '{0}：最多 {1} 个张量，实际更多。文件已损坏或为恶意文件。请选择其他文件。',
  '{0}: expected dtype, shape and data_offsets, got something else. The file is damaged; download it again.':
    '{0}：应有 dtype、shape 和 data_offsets，实际不是。文件已损坏，请重新下载。',
  '{0}: expected a type of {1}, got {2}. Convert the model to one of these types.':
    '{0}：类型应为 {1}，实际为 {2}。请将模型转换为其中一种类型。',
  '{0}: expected a size that fits the file, got shape {1}. The file is damaged; download it again.':
    '{0}：大小应与文件相符，实际形状为 {1}。文件已损坏，请重新下载。',
  '{0}: expected {1} bytes for {2} {3}, got {4}. The file is damaged; download it again.':
    '{0}：{2} {3} 应有 {1} 字节，实际为 {4} 字节。文件已损坏，请重新下载。',
  scalar: '标量',
  '{0}: expected a JSON object as header, got something else. The file is damaged or not a safetensors file. Choose another file.':
    '{0}：文件头应为 JSON 对象，实际不是。文件已损坏，或不是 safetensors 文件。请选择其他文件。',
  '{0}: expected a safetensors file, got {1} bytes. Choose another file.':
    '{0}：应为 safetensors 文件，实际只有 {1} 字节。请选择其他文件。',
  '{0}: expected a header of at most {1} bytes, got {2}. This is not a safetensors file. Choose another file.':
    '{0}：文件头最多 {1} 字节，实际为 {2} 字节。这不是 safetensors 文件。请选择其他文件。',
  '{0}: expected a header of {1} bytes, got a file of {2} bytes. The file is cut off; download it again.':
    '{0}：文件头应有 {1} 字节，实际文件只有 {2} 字节。文件不完整，请重新下载。',
  'safetensors: expected each name once, got {0} twice. This is a mistake in TabTune.':
    'safetensors：每个名称只能出现一次，实际 {0} 出现了两次。这是 TabTune 的程序错误。',
  'safetensors, {0}: expected {1} bytes of {2}, got {3}. This is a mistake in TabTune.':
    'safetensors，{0}：{2} 应有 {1} 字节，实际为 {3} 字节。这是 TabTune 的程序错误。',
  'a positive number (1e-30 to 1e30)': '正数（1e-30 到 1e30）',
  'a whole number from 0': '大于等于 0 的整数',
  '0 or {0}': '{0}，或 0',
  'a number above 0, and at most 1': '大于 0 且不大于 1 的数',
  'a whole number from 0, or letters': '大于等于 0 的整数，或字母',
  'a whole number from 0, or a list': '大于等于 0 的整数，或列表',
  "{0}, {1}: expected {2}, got {3}. Compare the file with its publisher's, or choose another model.":
    '{0}，{1}：应为{2}，实际：{3}。请与发布者的文件核对，或换一个模型。',
  'a token as text, or an object with its content': '文本形式的词元，或含有其 content 的对象',
  'an id, or a list of ids': '一个 id，或 id 列表',
  'GGUF: rows of {0} weights are not whole blocks of {1}, which have {2} weights. Matrices with such rows are {3}, as llama-quantize writes them: {4} ({5} in all).':
    'GGUF：{0} 个权重的行不是 {1} 块（{2} 个权重）的整数倍。这些矩阵按 llama-quantize 的规则写为 {3}：{4}（共 {5} 个）。',
}
