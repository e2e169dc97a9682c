// 简体中文: sentences about families of models and kinds of quantisation (src/formats/families, prequantised, quant), by their English words.
import type { Dictionary } from '../../config/phrase'

export const kinds: Dictionary = {
  'expected a model that mlx-lm knows, got an Arcee model': '应为 mlx-lm 支持的模型，实际为 Arcee 模型',
  'llama.cpp has no CodeGen': 'llama.cpp 不支持 CodeGen',
  'expected a family that TabTune has compared with mlx-lm, got EXAONE 4': '应为 TabTune 已与 mlx-lm 对照过的模型系列，实际为 EXAONE 4',
  "{0}: expected a whole number from 1 to {1}, got {2}. Compare the file with its publisher's, or choose another model.":
    '{0}：应为 1 到 {1} 的整数，实际：{2}。请与发布者的文件核对，或换一个模型。',
  'one for some layers': '部分层为 1',
  'full_attention at every second layer': '每隔一层为 full_attention',
  'another order': '其他顺序',
  'expected a model with the same layers in mlx-lm, got GPT-2, whose layers have other names there':
    '模型的层应与 mlx-lm 中相同，实际为 GPT-2，其各层在 mlx-lm 中的名称不同',
  'llama.cpp has no GPT-J': 'llama.cpp 不支持 GPT-J',
  'expected a model with the same layers in mlx-lm, got GPT-NeoX, whose layers have other names there':
    '模型的层应与 mlx-lm 中相同，实际为 GPT-NeoX，其各层在 mlx-lm 中的名称不同',
  'llama.cpp has no Helium': 'llama.cpp 不支持 Helium',
  'TabTune does not read or write GGUF files of Ministral 3': 'TabTune 不读写 Ministral 3 的 GGUF 文件',
  'expected a model that mlx-lm reads from its Hugging Face folder, got OLMo 1':
    '应为 mlx-lm 能从其 Hugging Face 文件夹读取的模型，实际为 OLMo 1',
  'expected a model that mlx-lm knows, got an OPT model': '应为 mlx-lm 支持的模型，实际为 OPT 模型',
  'llama.cpp has no OPT': 'llama.cpp 不支持 OPT',
  'TabTune does not read or write GGUF files of Persimmon': 'TabTune 不读写 Persimmon 的 GGUF 文件',
  'TabTune does not read or write GGUF files of Apertus': 'TabTune 不读写 Apertus 的 GGUF 文件',
  ', which has experts': '（含有专家）',
  ', whose layers are not all attention': '（并非所有层都是注意力层）',
  ', which marks positions by slopes (ALiBi)': '（用斜率表示位置，即 ALiBi）',
  ', which has a distillation token (DeiT models without one have model_type vit)':
    '（带有蒸馏标记；没有蒸馏标记的 DeiT 模型的 model_type 为 vit）',
  ', which compresses keys and values (MLA)': '（压缩键和值，即 MLA）',
  'a file that does not name its family': '未注明模型系列的文件',
  '{0}: expected a model of a family that TabTune runs ({1}), got {2}{3}. Choose another model.':
    '{0}：应为 TabTune 能运行的模型系列（{1}），实际：{2}{3}。请换一个模型。',
  'GGUF, {0}: expected {1}, because llama.cpp computes nothing else, got {2}. Merge into a folder instead.':
    'GGUF，{0}：llama.cpp 只支持：{1}，实际：{2}。请改为合并成文件夹。',
  'every fourth layer': '每四层一次',
  'llama.cpp does not read models that sort pictures': 'llama.cpp 不支持图片分类模型',
  'full_attention at every fourth layer': '每四层有一层为 full_attention',
  'full_attention at equal distances': 'full_attention 等间隔出现',
  'AWQ, version: expected gemm, got {0}. {1}': 'AWQ，version：应为 gemm，实际为 {0}。{1}',
  '{0}: expected groups of one size, got {1} groups of {2} inputs. {3}': '{0}：各组大小应相同，实际有 {1} 组，共 {2} 个输入。{3}',
  "{0}: expected bitsandbytes' quantisation state with a shape of two numbers, got something else. Download the file again.":
    '{0}：应为 bitsandbytes 的量化状态，其形状为两个数，实际不是。请重新下载此文件。',
  '{0}: expected blocks of 64 and nested blocks of 256, got {1} and {2}. Use the model without quantisation; TabTune makes NF4 itself.':
    '{0}：块大小应为 64，嵌套块大小应为 256，实际为 {1} 和 {2}。请使用未量化的模型；TabTune 会自行生成 NF4。',
  '{0}: expected {1} bytes, got {2}. Download the file again.': '{0}：应有 {1} 字节，实际：{2}。请重新下载此文件。',
  'no such tensor': '没有这个张量',
  '{0}.quant_map: expected the sixteen values of {1}, got others. Use the model without quantisation; TabTune makes NF4 itself.':
    '{0}.quant_map：应为 {1} 的十六个值，实际不同。请使用未量化的模型；TabTune 会自行生成 NF4。',
  '{0}: expected all {1} rows at once, got {2} from row {3}. This is a mistake in TabTune.':
    '{0}：应一次读取全部 {1} 行，实际从第 {3} 行起读取 {2} 行。这是 TabTune 的程序错误。',
  '{0}: expected factors for {1} rows of {2} weights, got {3}. {4}': '{0}：应有 {1} 行、每行 {2} 个权重的因子，实际为 {3}。{4}',
  '{0}.weight_shape: expected {1} rows, got {2} × {3}. Download the file again.':
    '{0}.weight_shape：应有 {1} 行，实际为 {2} × {3}。请重新下载此文件。',
  '{0}.weight_g_idx: expected groups below {1}, got others. Download the file again.':
    '{0}.weight_g_idx：组号应小于 {1}，实际不是。请重新下载此文件。',
  'compressed-tensors: expected pack-quantized, int-quantized or float-quantized weights, got {0}. {1}':
    'compressed-tensors：权重应为 pack-quantized、int-quantized 或 float-quantized，实际为 {0}。{1}',
  'compressed-tensors, transform_config: expected no transforms, which also change activations, got {0}. {1}':
    'compressed-tensors，transform_config：不应有变换，因为它们还会改变激活值，实际为 {0}。{1}',
  '{0}: expected blocks that cover {1} rows or columns, got {2} factors. {3}': '{0}：各块应覆盖 {1} 行或列，实际有 {2} 个因子。{3}',
  'GPTQ, checkpoint_format: expected gptq or gptq_v2, got {0}. {1}': 'GPTQ，checkpoint_format：应为 gptq 或 gptq_v2，实际为 {0}。{1}',
  '{0}: expected {1} groups of {2} inputs, got {3} for {4} inputs and {5} outputs. {6}':
    '{0}：应有 {1} 组，每组 {2} 个输入，实际为 {3} 组，对应 {4} 个输入和 {5} 个输出。{6}',
  "{0}: expected MLX's mode affine or mxfp4, got {1}. {2}": '{0}：应为 MLX 的模式 affine 或 mxfp4，实际为 {1}。{2}',
  'GPTQ or AWQ': 'GPTQ 或 AWQ',
  '8-bit numbers': '8 位数值',
  'a quantisation without quant_method': '没有 quant_method 的量化',
  'weights of {0} whose settings config.json does not have': '{0} 权重，而 config.json 中没有其设置',
  '{0}: expected no quantisation, or one by {1}, got {2}. {3}': '{0}：应未量化，或由 {1} 量化，实际：{2}。{3}',
  'read in place ({0})': '原样读取（{0}）',
  'turned into {0} while loading, unless another precision is chosen': '加载时转换为 {0}（除非选择了其他精度）',
  'Quantised by {0}: {1}': '由 {0} 量化：{1}',
  '{0}: expected a configuration of unquantised weights, got {1}. Choose the whole folder, whose tensors say what was quantised.':
    '{0}：应为未量化权重的配置，实际为 {1}。请选择整个文件夹，其中的张量会说明哪些经过量化。',
  '{0}: expected this tensor beside its matrix, got none. Choose the whole folder, or download it again.':
    '{0}：此张量应与它的矩阵在一起，实际没有。请选择整个文件夹，或重新下载。',
  '{0} of {1}': '{1} 的 {0}',
  '{0}: expected {1}, got {2} of {3}. The file is damaged, or config.json belongs to another model.':
    '{0}：应为 {1}，实际为 {3} 的 {2}。文件已损坏，或 config.json 属于另一个模型。',
  '{0}: expected {1}, got {2}. {3}': '{0}：应为 {1}，实际为 {2}。{3}',
  'Choose this model without quantisation, or a GGUF file of it; TabTune quantises it while loading.':
    '请选择此模型的未量化版本或 GGUF 文件；TabTune 会在加载时进行量化。',
  '{0}: expected rows whose length is a multiple of {1}, got {2} weights. Use another file of this model.':
    '{0}：行长应为 {1} 的倍数，实际为 {2} 个权重。请使用此模型的其他文件。',
  '{0}: expected {1} bytes for {2} blocks, got {3}. The file may be damaged; download it again.':
    '{0}：{2} 个块应有 {1} 字节，实际为 {3} 字节。文件可能已损坏，请重新下载。',
  '{0}: expected {1} bytes for {2} weights, got {3}. The file may be damaged; download it again.':
    '{0}：{2} 个权重应有 {1} 字节，实际为 {3} 字节。文件可能已损坏，请重新下载。',
  'NF4: expected {0} weights, got more. This is a mistake in TabTune.': 'NF4：应有 {0} 个权重，实际更多。这是 TabTune 的程序错误。',
  'NF4: expected {0} weights, got {1}. This is a mistake in TabTune.': 'NF4：应有 {0} 个权重，实际为 {1} 个。这是 TabTune 的程序错误。',
  '{0}: expected all {1} rows in {2} bytes, got {3} from row {4} in {5} bytes. This is a mistake in TabTune.':
    '{0}：应一次读取 {2} 字节中的全部 {1} 行，实际从第 {4} 行起读取 {5} 字节中的 {3} 行。这是 TabTune 的程序错误。',
  'weight format: expected one of {0}, got {1}. Use a file with one of these types.':
    '权重格式：应为 {0} 之一，实际为 {1}。请使用其中一种类型的文件。',
  'quantise: expected one of {0}, got {1}. Choose one of these as the base precision.':
    '量化：应为 {0} 之一，实际为 {1}。请选择其中之一作为基座精度。',
}
