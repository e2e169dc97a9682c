// 简体中文: sentences about training (src/train), by their English words.
import type { Dictionary } from '../../config/phrase'

export const train: Dictionary = {
  'the run': '训练',
  'The run ends here, because the last evaluation was no better than the one after step {0}. It has the weights of step {1}.':
    '训练到此结束，因为最近一次评估不优于第 {0} 步之后的那次。保留的是第 {1} 步的权重。',
  'The run ends here, because the last {0} evaluations were no better than the one after step {1}. It has the weights of step {2}.':
    '训练到此结束，因为最近 {0} 次评估都不优于第 {1} 步之后的那次。保留的是第 {2} 步的权重。',
  'A micro-batch of {0} rows is computed {1} at a time, and the gradients are added up. The result is the same up to rounding.':
    '{0} 行的微批改为每次计算 {1} 行，再将梯度相加。除舍入误差外，结果相同。',
  'The backward pass computes layers again, which is {0} % more work per step. The result is the same.':
    '反向传播时会重新计算部分层，每步计算量增加 {0} %。结果相同。',
  'The optimizer’s states are in main memory, which takes some time for copies. The result is the same.':
    '优化器状态存放在内存中，复制需要一些时间。结果相同。',
  'This graphics device gives at most {0}.': '此显卡设备最多提供 {0}。',
  '{0} As set, the run would take {1}.': '{0}按当前设置，训练需要 {1}。',
  'The memory budget is {0}.': '显存上限为 {0}。',
  '{0} This run takes at least {1}, even with everything that keeps its result.': '{0}即使用上所有不改变结果的办法，此训练至少仍需要 {1}。',
  'snapshot: expected the model {0} that the run trained, got {1} with other weights. Load the model that the run was started with.':
    '快照：应为该训练所用的模型 {0}，实际为权重不同的 {1}。请加载启动该训练时所用的模型。',
  'snapshot: expected {0} bytes of {1}, got {2}. Start the run again.': '快照：{1} 应有 {0} 字节，实际：{2}。请重新开始训练。',
  'what the adapter keeps': '适配器要保存的内容',
  '{0} rows do not fit at once.': '无法同时容纳 {0} 行。',
  'A micro-batch of {0} rows would take about {1} seconds, so no more rows were measured.':
    '{0} 行的微批大约需要 {1} 秒，因此没有再测试更多行。',
  '{0} in row {1}': '{0}（第 {1} 行）',
  'The {0} of {1} holds {2}.': '{1} 的 {0} 含有 {2}。',
  '{0} of the base model holds {1}.': '基座模型的 {0} 含有 {1}。',
  'Load the model again.': '请重新加载模型。',
  'Resume from the last snapshot, or start again.': '请从上次快照恢复，或重新开始。',
  '{0} of the adapter holds {1}. {2}': '适配器的 {0} 含有 {1}。{2}',
  '{0} of the adapter holds {1}.': '适配器的 {0} 含有 {1}。',
  'All weights are finite, so the numbers between the layers become too large for the rows of this step.':
    '所有权重都是有限数值，因此是各层之间的数值对这一步的数据来说过大。',
  'The gradient of {0} holds {1}. All weights are finite.': '{0} 的梯度含有 {1}。所有权重都是有限数值。',
  'All weights are finite, and so is the gradient when it is computed again.': '所有权重都是有限数值，重新计算的梯度也是。',
  'other weights (of {0}) than the loaded model {1}': '权重（{0} 的）与已加载的模型 {1} 不同',
  'base precision {0} instead of {1}': '基座精度为 {0}，而不是 {1}',
  'other rows ({0} of {1}) than this run ({2} of {3})': '数据行（{1} 的 {0} 行）与此训练（{3} 的 {2} 行）不同',
  'method {0} instead of {1}': '方法为 {0}，而不是 {1}',
  'resume: expected the run that the snapshot belongs to, got one that differs: the snapshot has {0}. Use what the run was started with, or start a new run.':
    '恢复：应为快照所属的训练，实际有差异。快照中：{0}。请使用启动该训练时的内容，或开始新的训练。',
  'The run continues from its snapshot, but its numbers may differ in their last digits from those of an uninterrupted run':
    '训练从快照继续，但数值的末几位可能与未中断的训练不同',
  '{0}: it was taken on another device, or with kernels that this one does not have.':
    '{0}：快照是在另一台设备上创建的，或使用了此设备没有的内核。',
  '{0}: another version of TabTune took it.': '{0}：快照是由另一个版本的 TabTune 创建的。',
  'resume: expected parameters that lie as in the snapshot of {0}, got others on {1}. Resume on the device that the run was started on, or start a new run.':
    '恢复：参数的排布应与 {0} 上的快照一致，实际在 {1} 上不同。请在启动该训练的设备上恢复，或开始新的训练。',
  'Training failed for an unknown reason. Start the run again.': '训练因未知原因失败。请重新开始训练。',
  'The maximum length is {0} tokens; this model takes at most {1} in addition to {2} virtual tokens. Lower the maximum length.':
    '最大长度为 {0} 个词元，而此模型在 {2} 个虚拟词元之外最多接受 {1} 个。请减小最大长度。',
  'The maximum length is {0} tokens; this model takes at most {1}. Lower the maximum length.':
    '最大长度为 {0} 个词元，而此模型最多接受 {1} 个。请减小最大长度。',
  '{0} puts virtual tokens before each row, so rows cannot be packed together. Turn packing off, or choose a method without virtual tokens.':
    '{0} 会在每行之前加入虚拟词元，因此不能将多行打包在一起。请关闭打包，或选择不使用虚拟词元的方法。',
  'The memory budget is {0}; this run takes at least {1}, even if the backward pass computes every layer again.':
    '显存上限为 {0}，而即使反向传播重新计算每一层，此训练至少也需要 {1}。',
  '{0} Raise the budget, or lower the batch size or the maximum length.': '{0}请提高上限，或减小批大小或最大长度。',
  '{0} Raise the budget, or lower the maximum length.': '{0}请提高上限，或减小最大长度。',
  'Lower the batch size (now {0}) or the maximum length (the longest batches have {1} tokens per row).':
    '请减小批大小（现为 {0}）或最大长度（最长的批次每行有 {1} 个词元）。',
  'Lower the maximum length (the longest batches have {0} tokens per row).': '请减小最大长度（最长的批次每行有 {0} 个词元）。',
  'Or lower the memory budget (now {0} MiB).': '或者降低显存上限（现为 {0} MiB）。',
  'Or set a memory budget.': '或者设置显存上限。',
  '{0} {1} {2}': '{0}{1}{2}',
  '{0}: the folder has a configuration, but no weights. Training starts from the base model itself.':
    '{0}：文件夹中有配置，但没有权重。训练从基座模型本身开始。',
  'run: expected batches of the planned lengths, got one of {0} tokens. This is a mistake in TabTune; start the run again and please report it.':
    '训练：批次应为计划的长度，实际有一个为 {0} 个词元。这是 TabTune 的程序错误；请重新开始训练，并反馈此问题。',
  'snapshot: expected one of this version of TabTune, got another ({0}: {1}). Resume with the version that wrote it, or start the run again.':
    '快照：应由此版本的 TabTune 创建，实际不是（{0}：{1}）。请用写入它的版本恢复，或重新开始训练。',
  'all of it': '全部',
  'Training stopped at step {0}: the norm of the gradient is {1}.': '训练在第 {0} 步停止：梯度范数为 {1}。',
  'Training stopped before step {0}: {1} The weights are those of the step before.': '训练在第 {0} 步之前停止：{1}权重保持上一步的值。',
  'Training stopped at step {0}: the loss is {1}.': '训练在第 {0} 步停止：损失为 {1}。',
  '{0} {1}': '{0}{1}',
  '{0} No weight has been changed yet, so the cause is the base model, the adapter that the run starts from, or the rows of this step. Train on other rows, or choose another base precision or another adapter to start from.':
    '{0}此时尚未更改任何权重，因此原因在于基座模型、此训练所接续的适配器或这一步的数据行。请用其他行训练，或选择其他基座精度或其他起始适配器。',
  '{0} The weights are as they were before this step.': '{0}权重保持在这一步之前的状态。',
  '{0} The weights are as they were before this step. Fast products take weights up to ±255. Choose exact products, or lower the learning rate.':
    '{0}权重保持为这一步之前的值。快速乘法只能处理 ±255 以内的权重。请选择精确乘法，或降低学习率。',
  'Precision: expected a graphics device that computes in f16 (WebGPU’s shader-f16) for fast products, got one without it. Choose exact products.':
    '乘法精度：快速乘法需要能以 f16 计算的显卡设备（WebGPU 的 shader-f16），而此设备不支持。请选择精确乘法。',
  '{0} Lower the learning rate.': '{0}请降低学习率。',
  '{0} Lower the learning rate, or clip the gradient.': '{0}请降低学习率，或裁剪梯度。',
  'The run continues where it is, because no snapshot of it can be stored there.': '由于无法在那里保存此训练的快照，训练将留在原处继续。',
  'The optimizer’s states in main memory': '优化器状态存放在内存中',
  'The result is the same. Copies take some time in each step.': '结果相同。每步需要一些时间进行复制。',
  'AdamW with 8-bit states': '使用 8 位状态的 AdamW',
  'It learns equally well, but the result is not bit for bit the same.': '学习效果同样好，但结果并非逐位相同。',
  'A maximum length of {0} tokens': '最大长度为 {0} 个词元',
  '{0} of {1} rows are cut.': '{1} 行中有 {0} 行会被截断。',
  'The base in 4 bits (NF4)': '4 位基座（NF4）',
  'Its weights are rounded, so answers become a little worse. The model is loaded again.':
    '权重会被舍入，因此回答会稍差一些。模型将重新加载。',
  'Updates only beside {0}': '仅对 {0} 训练更新',
  'Fewer layers learn, so the result may be a little worse.': '参与学习的层更少，因此结果可能稍差。',
  'The method {0}': '改用方法 {0}',
  'It trains fewer weights. What it can learn differs.': '它训练的权重更少，能学到的内容也不同。',
  'The result is the same. The run takes more than you allowed.': '结果相同。显存占用会超过允许的量。',
  'A memory budget of {0} MiB': '显存上限为 {0} MiB',
  'The result is the same. Steps take more time.': '结果相同。每步用时更长。',
  'The gradient explodes: its norm is {0} at step {1}, and {2} is usual for this run.':
    '梯度爆炸：第 {1} 步的范数为 {0}，而此训练通常为 {2}。',
  '{0} It is scaled down to {1}, so the weights do not jump, but these steps teach little. Lower the learning rate.':
    '{0}梯度会缩小到 {1}，因此权重不会突变，但这些步几乎学不到东西。请降低学习率。',
  '{0} Clip the gradient, and lower the learning rate.': '{0}请裁剪梯度，并降低学习率。',
  'The loss rises: the mean of {0} steps is {1}, and it was {2} at step {3}. Stop the run and lower the learning rate (now {4}).':
    '损失上升：最近 {0} 步的平均值为 {1}，而第 {3} 步时为 {2}。请停止训练并降低学习率（现为 {4}）。',
  'The loss has jumped {0} times, the last time to {1} at step {2}, where {3} steps before it had {4} on average.':
    '损失已突增 {0} 次，最近一次在第 {2} 步达到 {1}，而此前 {3} 步平均为 {4}。',
  '{0} Lower the learning rate, or accumulate more micro-batches per step.': '{0}请降低学习率，或每步累积更多微批。',
  '{0} Clip the gradient, lower the learning rate, or accumulate more micro-batches per step.':
    '{0}请裁剪梯度、降低学习率，或每步累积更多微批。',
  'Hardly anything is learned: after {0} steps the loss is {1}, and it was {2} at the start. Raise the learning rate (now {3}), or look at the rows: are the answers what the model should learn?':
    '几乎没有学到东西：{0} 步之后损失为 {1}，而开始时为 {2}。请提高学习率（现为 {3}），或检查数据行：其中的回答是否正是模型应学习的内容？',
  'Check which column is the answer, which turns are trained on, and whether the maximum length cuts the answers off.':
    '请检查哪一列是回答、哪些消息参与训练，以及最大长度是否截掉了回答。',
  'Everything is masked: none of the {0} tokens of {1} steps is trained on, so nothing can be learned. {2}':
    '全部被掩蔽：{1} 步的 {0} 个词元中没有一个参与训练，因此什么也学不到。{2}',
  'Nearly everything is masked: {0} of the {1} tokens of {2} steps are trained on. {3}':
    '几乎全部被掩蔽：{2} 步的 {1} 个词元中只有 {0} 个参与训练。{3}',
  'The warm-up of {0} steps is not over when the run of {1} steps ends, so the learning rate never reaches its value. Shorten the warm-up, or train for more steps.':
    '训练只有 {1} 步，预热却要 {0} 步：直到训练结束，学习率也达不到设定值。请缩短预热，或增加训练步数。',
  'The warm-up takes {0} of the run’s {1} steps. Shorten it, or train for more steps.':
    '训练共 {1} 步，预热就占 {0} 步。请缩短预热，或增加训练步数。',
  'The run overfits: since step {0} the held-out loss has risen from {1} to {2}, while the training loss fell from {3} to {4}.':
    '训练出现过拟合：自第 {0} 步以来，留出集损失从 {1} 升至 {2}，而训练损失从 {3} 降至 {4}。',
  '{0} Early stopping ends the run, with the weights of its best evaluation. More rows, or fewer trainable parameters, let it learn longer.':
    '{0}早停会结束训练，并保留评估最佳时的权重。增加数据行或减少可训练参数，可以让它学得更久。',
  '{0} Stop the run: the adapter of step {1} is kept as the best one. Next time take fewer epochs, more rows or fewer trainable parameters, or turn early stopping on.':
    '{0}请停止训练：第 {1} 步的适配器会作为最佳结果保留。下次请减少轮数、增加数据行、减少可训练参数，或开启早停。',
  '{0} has no {1}. It has LoRA, QLoRA, DoRA, PiSSA, training of the top layers, and full fine-tuning.':
    '{0} 没有 {1}。它有 LoRA、QLoRA、DoRA、PiSSA、顶层训练和全量微调。',
  '{0} has no {1}. It has LoRA, QLoRA, DoRA, PiSSA, and training of the base’s own weights, all or some of them.':
    '{0} 没有 {1}。它有 LoRA、QLoRA、DoRA、PiSSA，以及训练基座模型自身的全部或部分权重。',
  '{0} finds final norm and head by parts of names, which fit the norms of all layers too. Train the top layers without them to export the run for it.':
    '{0} 按名称片段查找最后的归一化层和输出层，这些片段也会匹配所有层的归一化。请在顶层训练中不含它们，再导出。',
  '{0} finds layers by parts of names, which fit the experts of all layers too. Train with another method to export the run for it.':
    '{0} 按名称片段查找层，这些片段也会匹配所有层的专家。请改用其他方法训练后再导出。',
  'The run continues from weights that were trained before, and {0} starts from the base. Merge them into a model first.':
    '此训练接续先前训练过的权重，而 {0} 从基座模型开始。请先把它们合并为一个模型。',
  '{0} starts PiSSA with one rank and one alpha for all layers. Take the patterns out to export the run for it.':
    '{0} 的 PiSSA 对所有层使用同一个秩和 alpha。请去掉按模块的设置后再导出。',
  '{0} has LoRA+ without weight decay. Set the weight decay to 0 to export the run for it.':
    '{0} 的 LoRA+ 没有权重衰减。请把权重衰减设为 0 后再导出。',
  'The run trains rows of single tokens, which {0} does not do. Train without new tokens to export the run for it.':
    '此训练会训练单个词元的行，{0} 做不到。请不添加新词元训练后再导出。',
  'The run trains experts or routers, and transformers keeps the experts of a block in one tensor. Leave them out of the target modules to export the run.':
    '此训练会训练专家或路由器，而 transformers 把一个块的专家存放在一个张量中。请从目标模块中去掉它们后再导出。',
  'The run decays norms and biases too, which {0} cannot do. Turn it off, or set the weight decay to 0, to export the run for it.':
    '此训练对归一化和偏置也做权重衰减，{0} 做不到。请关闭它，或把权重衰减设为 0，再导出。',
  'With a LoRA+ ratio, {0} gives DoRA’s lengths of rows the learning rate of B. Set the ratio to 1 to export the run for it.':
    '设置了 LoRA+ 比率时，{0} 会让 DoRA 的行长度使用 B 的学习率。请把比率设为 1 后再导出。',
  'The run starts from singular vectors (PiSSA) on a base in 4 bits, which {0} does not do. Choose another base precision to export the run for it.':
    '此训练在 4 位基座模型上从奇异向量（PiSSA）开始，{0} 做不到。请选择其他基座精度后再导出。',
}
