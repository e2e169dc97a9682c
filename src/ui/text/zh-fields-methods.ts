// 简体中文: labels, help and choices of methods and their settings, by their English words.

import type { Dictionary } from '../../config/phrase'

export const fields: Dictionary = {
  'Trains only the biases that the model already has. Choose it for small adjustments to models that have biases.':
    '只训练模型已有的偏置。适合对带有偏置的模型作小幅调整。',
  'Where the small networks are inserted in each block.': '在每个块中插入小网络的位置。',
  'The width of the networks is the model’s width divided by this number, rounded down, so that every width is possible. A lower factor can learn more and needs more memory.':
    '网络的宽度等于模型宽度除以此数并向下取整，因此任何宽度都可以设定。数值越小，学习能力越强，占用显存越多。',
  'Non-linearity': '非线性函数',
  'The function between the two layers of each network. The library’s configuration of Houlsby has swish, those of Pfeiffer and He have ReLU.':
    '每个网络两层之间的函数。该库的 Houlsby 配置使用 swish，Pfeiffer 和 He 的配置使用 ReLU。',
  ReLU: 'ReLU',
  Swish: 'Swish',
  GELU: 'GELU',
  'GELU (tanh)': 'GELU（tanh）',
  'Blocks without adapters': '不加适配器的块',
  'The numbers of these blocks, from 0, with commas between them.': '这些块的编号，从 0 开始，用逗号分隔。',
  'Train the norms': '训练归一化层',
  'Trains the norms of the model too, as the paper does. The adapters library does not save them, so only TabTune loads such an adapter completely.':
    '与论文一样，同时训练模型的归一化层。adapters 库不保存这些参数，因此只有 TabTune 能完整加载这样的适配器。',
  'Factor by which the output is multiplied when the placement is beside the feed-forward.': '放在前馈层旁边时，输出乘以此系数。',
  'The name that the adapter has in the adapters library. It is part of the tensor names.':
    '适配器在 adapters 库中的名称，也是张量名称的一部分。',
  'Bottleneck adapters': '瓶颈适配器',
  Placement: '位置',
  'After attention and feed-forward (Houlsby)': '注意力和前馈层之后（Houlsby）',
  'After feed-forward (Pfeiffer)': '前馈层之后（Pfeiffer）',
  'Beside feed-forward (He)': '前馈层旁边（He）',
  'Reduction factor': '缩减系数',
  Scaling: '缩放',
  'Adapter name': '适配器名称',
  'Trains small two-layer networks after (or beside) attention and feed-forward. Choose it for use with the adapters library; it cannot be merged into the model.':
    '在注意力和前馈层之后（或旁边）训练两层的小网络。适合与 adapters 库配合使用；不能合并到模型中。',
  'Width of the low-rank update. A higher rank can learn more and needs more memory.':
    '低秩更新的宽度。秩越高，学习能力越强，占用显存越多。',
  'The update is scaled by alpha / rank.': '更新按 alpha / 秩缩放。',
  'Share of the update’s inputs that is set to zero at random while training.': '训练时，更新的输入中随机置零的比例。',
  'The layers that get an update: all-linear, or PEFT module names separated by commas, such as q_proj, v_proj.':
    '应用更新的层：all-linear，或用逗号分隔的 PEFT 模块名，例如 q_proj, v_proj。',
  'Scales the update by alpha / √rank instead of alpha / rank, which is more stable at high ranks.':
    '按 alpha / √秩而不是 alpha / 秩缩放更新，秩较高时更稳定。',
  'How many times higher the learning rate of B is than that of A. 1 is plain LoRA; LoRA+ uses about 16.':
    'B 的学习率是 A 的多少倍。1 为普通 LoRA；LoRA+ 约为 16。',
  'Other ranks for some modules, by names or regular expressions as in PEFT, such as down_proj=4.':
    '某些模块使用其他秩，写法与 PEFT 相同（模块名或正则表达式），例如 down_proj=4。',
  'Other alphas for some modules, by names or regular expressions as in PEFT, such as v_proj=32.':
    '某些模块使用其他 alpha，写法与 PEFT 相同（模块名或正则表达式），例如 v_proj=32。',
  'Tokens to add to the vocabulary, separated by commas: <a>, <b>. Only their rows of embedding and head are trained, or the whole table if it is a target module. They are saved with the adapter.':
    '要加入词表的词元，用逗号分隔：<a>, <b>。只训练它们在词嵌入和输出层中的行；如果整个表是目标模块，则训练整个表。它们随适配器一起保存。',
  'The values of the rows of new tokens before training.': '训练前新词元各行的值。',
  'Also trains the rows of new tokens in the head, so that the model can generate these tokens. If the head is tied to the embedding, they are always trained.':
    '同时训练输出层中新词元的行，使模型能够生成这些词元。如果输出层与词嵌入共享，则总是训练。',
  'Ids of existing tokens whose rows of the embedding are trained, separated by commas: 5, 9.':
    '要训练词嵌入行的已有词元的 id，用逗号分隔：5, 9。',
  'Ids of existing tokens whose rows of the head are trained, if it is not tied to the embedding.':
    '要训练输出层行的已有词元的 id，适用于输出层不与词嵌入共享的情况。',
  Rank: '秩',
  'Target modules': '目标模块',
  'Rank-stabilised': '秩稳定',
  'LoRA+ ratio': 'LoRA+ 倍数',
  'Ranks by module': '各模块的秩',
  'Alphas by module': '各模块的 alpha',
  'New tokens': '新词元',
  'New tokens start as': '新词元的初始值',
  'Random, with the mean and spread of the other rows': '随机，均值和离散程度与其他行相同',
  'The mean of the other rows': '其他行的均值',
  'New tokens in the head': '输出层中的新词元',
  'Trained tokens': '要训练的词元',
  'Trained tokens in the head': '输出层中要训练的词元',
  'Trains LoRA and, separately, the length of each row of the adapted weights. Choose it when LoRA does not learn enough; its steps take longer.':
    '训练 LoRA，并单独训练被适配权重每一行的长度。适合 LoRA 学得不够的情况；每一步用时更长。',
  'The number format of the saved weights. F16 and BF16 halve the file size and round the weights.':
    '保存权重所用的数值格式。F16 和 BF16 使文件减半，但权重会舍入。',
  'Full fine-tuning': '全量微调',
  'Save as': '保存格式',
  'Trains every weight of the model in 32 bits and saves a whole model. Choose it for small models and large datasets; it needs the most memory.':
    '以 32 位训练模型的全部权重，并保存完整模型。适合小模型和大数据集；占用显存最多。',
  'The layers that get trained factors: auto (keys, values and the last feed-forward layer), or PEFT module names separated by commas.':
    '训练缩放系数的层：auto（键、值和最后一个前馈层），或用逗号分隔的 PEFT 模块名。',
  'The target modules whose input is scaled instead of their output: auto (the last feed-forward layer), or PEFT module names separated by commas.':
    '缩放输入而不是输出的目标模块：auto（最后一个前馈层），或用逗号分隔的 PEFT 模块名。',
  'Feed-forward modules': '前馈模块',
  'Trains factors that scale keys, values and the inner feed-forward activations. Choose it for simple tasks or many tiny adapters; it learns less than LoRA.':
    '训练用来缩放键、值和前馈层内部激活值的系数。适合简单任务，或需要许多极小适配器的情况；学习能力弱于 LoRA。',
  'How many vectors are trained in each adapted layer.': '每个被适配的层训练多少个向量。',
  'How many of the top layers are adapted. If the model has fewer layers, all of them are.':
    '适配多少个顶层。如果模型的层数更少，则适配所有层。',
  'Prompt length': '提示长度',
  Layers: '层数',
  'Trains prompts in the top layers, and gates that let them in gradually from zero. Choose it to keep most of what the model already does.':
    '在顶部各层训练提示，并训练从零开始、让提示逐渐生效的门控。适合尽量保留模型原有能力的情况。',
  'The norms that are trained: auto (all norms of every block, and the final norm), or PEFT module names separated by commas. Norms of queries and keys are trained only if you name them.':
    '要训练的归一化层：auto（每个块的所有归一化层和最后的归一化层），或用逗号分隔的 PEFT 模块名。只有明确写出时，才训练查询和键的归一化层。',
  'embed_tokens, lm_head or both. Full copies of them are trained and saved with the adapter. The head of a model that sorts pictures is always trained, unless this is none.':
    'embed_tokens、lm_head 或两者。会训练它们的完整副本，并随适配器一起保存。图片分类模型的输出层总是会训练，除非此项为 none。',
  'LN-tuning': 'LN-tuning（归一化层微调）',
  'Fully trained modules': '完整训练的模块',
  'Trains only the norms that the model already has. Choose it for small adjustments with tiny files.':
    '只训练模型已有的归一化层。适合小幅调整，文件极小。',
  'How many low-rank updates the router chooses from.': '供路由器选择的低秩更新的数量。',
  'How many experts each token uses. A number larger than the number of experts means all of them.':
    '每个词元使用多少个专家。大于专家总数时表示全部使用。',
  'Width of each expert’s update.': '每个专家的更新的宽度。',
  'Whether the layers of a block share a router, or each layer has its own.': '一个块的各层共用一个路由器，还是每层各有一个。',
  'Weight of an extra loss that keeps all experts in use. It is added to the training loss, but not to the held-out loss.':
    '附加损失的权重，该损失使所有专家都得到使用。它计入训练损失，不计入留出集损失。',
  'The layers that get experts: feed-forward, all-linear, or module names separated by commas.':
    '带有专家的层：feed-forward、all-linear，或用逗号分隔的模块名。',
  Experts: '专家数',
  'Experts per token': '每个词元的专家数',
  Router: '路由器',
  'One per block, reads the block’s input': '每块一个，读取块的输入',
  'One per layer, reads the layer’s input': '每层一个，读取层的输入',
  'Load balancing': '负载均衡',
  'Trains several LoRA experts beside each layer and a router that chooses the best few for each token. Choose it for mixed data; only TabTune reads its files.':
    '在每一层旁边训练多个 LoRA 专家，并训练路由器，为每个词元选出最合适的几个。适合混合数据；只有 TabTune 能读取它的文件。',
  'PiSSA starts A and B from the largest singular vectors of each weight matrix, which often learns faster. The finished adapter is a plain LoRA of twice the rank.':
    'PiSSA 用每个权重矩阵的最大奇异向量初始化 A 和 B，往往学得更快。最终的适配器是秩为两倍的普通 LoRA。',
  LoRA: 'LoRA（低秩适配）',
  'Starting values': '初始值',
  'A random, B zero': 'A 随机，B 为零',
  'Largest singular vectors of the weights (PiSSA)': '权重的最大奇异向量（PiSSA）',
  'Trains a small low-rank update beside each chosen linear layer. The best method to start with: it suits most tasks, and its files work in PEFT and llama.cpp.':
    '在每个选定的线性层旁边训练一个小的低秩更新。最适合入门：适用于大多数任务，文件可用于 PEFT 和 llama.cpp。',
  'How many keys and values are trained in every layer. Each takes the place of one token in the context.':
    '每一层训练多少个键和值。每个占用上下文中的一个词元。',
  'Prefix length': '前缀长度',
  'Directly trains keys and values that are put in front of those of every layer. It takes less memory than prefix tuning, but depends more on a good learning rate.':
    '直接训练放在每一层的键和值之前的键和值。比前缀微调更省显存，但更依赖合适的学习率。',
  'How many vectors are put in front of the input. Each takes the place of one token in the context.':
    '在输入前面放多少个向量。每个占用上下文中的一个词元。',
  'The kind of network that makes the vectors while training.': '训练时生成这些向量的网络类型。',
  'Width of the prompt encoder’s hidden layers. It must be a multiple of 4.': '提示编码器隐藏层的宽度，必须是 4 的倍数。',
  'How many layers the LSTM has. The MLP always has three.': 'LSTM 的层数。MLP 总是三层。',
  'Share of the values between LSTM layers that is set to zero at random while training.': '训练时，LSTM 各层之间的值随机置零的比例。',
  'Virtual tokens': '虚拟词元',
  'Prompt encoder': '提示编码器',
  'Bidirectional LSTM': '双向 LSTM',
  'Hidden size': '隐藏层大小',
  'LSTM layers': 'LSTM 层数',
  'LSTM dropout': 'LSTM 的 Dropout',
  'Trains a small network that makes the vectors in front of every input; only the vectors are used afterwards. Choose it when prompt tuning is unstable.':
    '训练一个小网络，由它生成放在每个输入前面的向量；之后只使用这些向量。适合提示微调不稳定的情况。',
  'Trains a small network that makes the prefix, which is more stable. Without it, the method is P-tuning v2.':
    '训练一个生成前缀的小网络，更加稳定。不使用它时，此方法就是 P-tuning v2。',
  'Width of the network’s hidden layer. It must be a multiple of 4.': '网络隐藏层的宽度，必须是 4 的倍数。',
  'Prefix tuning': '前缀微调（Prefix tuning）',
  Projection: '投影网络',
  'Trains keys and values that are put in front of those of every layer, through a small network that is not needed afterwards. Choose it when prompt tuning learns too little.':
    '通过一个之后不再需要的小网络，训练放在每一层的键和值之前的键和值。适合提示微调学得太少的情况。',
  'How many vectors are trained. Each takes the place of one token in the context.': '训练多少个向量。每个占用上下文中的一个词元。',
  'The values of the vectors before training.': '训练前各向量的值。',
  'The text whose embeddings the vectors start from. It is repeated or cut to the number of virtual tokens.':
    '用这段文字的词嵌入初始化各向量。文字会重复或截断到虚拟词元的数量。',
  'Prompt tuning': '提示微调（Prompt tuning）',
  'Start from': '初始化方式',
  'The embeddings of a text': '一段文字的词嵌入',
  'The embeddings of random tokens': '随机词元的词嵌入',
  'Random values': '随机值',
  'Starting text': '初始文字',
  'Trains a few vectors that are put in front of every input, and nothing else. Choose it for large models and the smallest files.':
    '只训练放在每个输入前面的几个向量。适合大模型，文件最小。',
  'Trains LoRA on a base model that is held in 4 bits (NF4 with double quantisation). Choose it when the model is too large for your memory.':
    '在以 4 位（NF4，双重量化）存放的基座模型上训练 LoRA。适合模型太大、显存放不下的情况。',
  'How many of the last blocks are trained.': '训练最后多少个块。',
  'The head is often the largest matrix of the model. If it is tied to the embedding, the embedding is trained with it.':
    '输出层往往是模型中最大的矩阵。如果它与词嵌入共享，词嵌入会一起训练。',
  'Top layers': '顶部各层',
  'Also train final norm and head': '同时训练最后的归一化层和输出层',
  'Trains all weights of the last blocks and freezes the rest. Choose it for a deeper change than adapters make; it needs less memory and time than full fine-tuning.':
    '训练最后几个块的全部权重，冻结其余部分。适合需要比适配器更深入的改变的情况；比全量微调更省显存和时间。',
  'Linear probe': '线性探测（Linear probe）',
  'Trains only the head that sorts pictures into classes. Choose it first: it shows how much the model knows already, and other methods are compared with it.':
    '只训练把图片分到各类别的输出层。适合最先尝试：它表明模型已经掌握了多少，也是其他方法比较的基准。',
  Prompts: '提示数',
  'How many vectors are trained for each layer that has its own. The paper tries 1 to 200.':
    '每个拥有自己的提示的层训练多少个向量。论文尝试了 1 到 200 个。',
  'In every layer': '每一层',
  'Each layer gets prompts of its own (VPT-deep). Otherwise only the first layer does, and they pass through the others (VPT-shallow).':
    '每一层都有自己的提示（VPT-deep）。否则只有第一层有提示，并依次经过其余各层（VPT-shallow）。',
  'Visual prompt tuning': '视觉提示微调（Visual prompt tuning）',
  'Trains a few vectors beside the patches of a picture, in the first layer or in every layer, and the head. Choose it for small files and few pictures per class.':
    '在图片的各个图块旁边训练少量向量（只在第一层，或在每一层），并训练输出层。适合需要小文件、每类图片较少的情况。',
  'Context vectors': '上下文向量数',
  'How many vectors stand in the place of words. The paper tries 4 and 16.': '用多少个向量代替词语。论文尝试了 4 个和 16 个。',
  'The values of the context before training.': '训练前上下文的取值。',
  'The text whose embeddings the context starts from. It is repeated or cut to the number of vectors.':
    '上下文以这段文字的词嵌入开始。文字会重复或截断到向量的个数。',
  'Name of the class': '类别名称的位置',
  'Where the name stands: behind the context, or between its two halves.': '名称放在上下文之后，或放在其前后两半之间。',
  'At the end': '末尾',
  'In the middle': '中间',
  'A context for each class': '每个类别各有上下文',
  'Each class gets vectors of its own. Otherwise all classes share the same ones, which needs fewer pictures.':
    '每个类别有自己的向量。否则所有类别共用同一组向量，所需图片更少。',
  CoOp: 'CoOp',
  'Trains the words around the names of classes, as vectors. Choose it for a model that compares pictures with texts, with a few pictures per class.':
    '把类别名称周围的词作为向量来训练。适合图文比对模型，每类只有少量图片的情况。',
  'Width of the meta network': '元网络宽度',
  'Width of the inner layer of the network that shifts the context. 0 is a sixteenth of the features, as in the paper.':
    '移动上下文的网络的内层宽度。0 表示特征宽度的十六分之一，与论文一致。',
  CoCoOp: 'CoCoOp',
  'Trains the words around the names of classes, and a small network that shifts them for each picture. It takes longer than CoOp and suits classes that come later.':
    '训练类别名称周围的词，以及一个按每张图片移动这些词的小网络。比 CoOp 耗时更长，适合以后才出现的类别。',
}
