// 简体中文: sentences about the storage, the page and the worker (src/storage, store, worker, ui), by their English words.
import type { Dictionary } from '../../config/phrase'

export const storage: Dictionary = {
  'the workbench': '数据工作台',
  '{0}: expected the bytes that were kept, got others. The storage is damaged.': '{0}：应为当初保存的字节，实际不同。存储已损坏。',
  "storage: expected a file name of letters, digits, '.', '_' and '-', got {0}. Rename it.":
    "存储：文件名应由字母、数字、'.'、'_' 和 '-' 组成，实际为 {0}。请重命名。",
  '{0}: expected the storage to create a file, got none. Free some space, and try again.':
    '{0}：存储应能创建文件，实际未能创建。请释放一些空间后重试。',
  'list of kept files': '副本列表',
  '{0}: expected the copy in this browser, got nothing. It was deleted in another tab, or the browser has cleared its storage. Open the original again.':
    '{0}：此浏览器中应有副本，实际没有。它已在另一个标签页中删除，或者浏览器已清除其存储。请重新打开原文件。',
  '{0}: expected the bytes that were kept, got others. The copy in this browser is damaged. Delete it in the Library, and open the original again.':
    '{0}：应为当初保存的字节，实际不同。此浏览器中的副本已损坏。请在资料库中将其删除，然后重新打开原文件。',
  'copy: expected its record, got other bytes. It cannot be used. Delete it, and open the original again.':
    '副本：应有它的记录，实际是其他字节。此副本无法使用。请将其删除，然后重新打开原文件。',
  '{0}: expected the records {1} to {2} as they were kept, got none that can be read. The others are complete.':
    '{0}：应有当初保存的第 {1} 至 {2} 条记录，实际都无法读取。其余记录完整。',
  '{0}: expected a free file, got one that another tab uses. Close the other tab.':
    '{0}：应为空闲文件，实际正被另一个标签页使用。请关闭那个标签页。',
  'kept files': '副本',
  'run {0}': '训练 {0}',
  runs: '训练记录',
  'run {0}: expected its record beside its adapter, got none. Download the adapter, or delete it.':
    '训练 {0}：适配器旁应有它的记录，实际没有。请下载适配器，或将其删除。',
  'adapter of run {0}': '训练 {0} 的适配器',
  '{0} of run {1}': '训练 {1} 的 {0}',
  '{0}: expected version {1}, got {2}. Open it with the version of TabTune that wrote it.':
    '{0}：版本应为 {1}，实际为 {2}。请用写入它的 TabTune 版本打开。',
  "{0}: expected it in this browser's storage, got nothing. The browser may have cleared its storage. Train it again, or use a downloaded copy.":
    '{0}：应在此浏览器的存储中，实际没有。浏览器可能已清除其存储。请重新训练，或使用已下载的副本。',
  '{0}: expected the bytes that were kept, got others. The record is damaged. Delete it, and use a downloaded copy.':
    '{0}：应为当初保存的字节，实际不同。记录已损坏。请将其删除，并使用已下载的副本。',
  'snapshot in slot {0}, {1}: expected the bytes that were kept, got others. The storage is damaged. An older snapshot is used if there is one.':
    '槽位 {0} 中的快照，{1}：应为当初保存的字节，实际不同。存储已损坏。如果有更早的快照，将使用它。',
  'snapshot in slot {0}: expected version {1}, got another. Open it with the version of TabTune that wrote it.':
    '槽位 {0} 中的快照：版本应为 {1}，实际不同。请用写入它的 TabTune 版本打开。',
  'snapshot: expected {0} bytes of {1} at {2}, got a snapshot without them. Start the run again.':
    '快照：{2} 处应有 {1} 的 {0} 字节，实际快照中没有。请重新开始训练。',
  '{0} No whole snapshot is left. Start the run again.': '{0}没有完好的快照了。请重新开始训练。',
  '{0}: expected room for it, got a full storage. Delete runs, models or data in the Library, or free space on the disk.':
    '{0}：应有空间存放，实际存储已满。请在资料库中删除训练记录、模型或数据，或释放磁盘空间。',
  '{0}: expected this storage to answer, got {1}. Private windows may forbid storage; close other tabs of TabTune, and try again.':
    '{0}：存储应有响应，实际：{1}。无痕窗口可能禁止存储；请关闭 TabTune 的其他标签页后重试。',
  '{0}: expected {1} bytes, got {2}. The file has been cut short.': '{0}：应有 {1} 字节，实际为 {2} 字节。文件被截断。',
  '{0} damaged': '{0} 已损坏',
  '{0} with more than the {1} bytes it declares': '{0} 超出其声明的 {1} 字节',
  '{0} with fewer than the {1} bytes it declares': '{0} 不足其声明的 {1} 字节',
  '{0} damaged (its checksum differs)': '{0} 已损坏（校验和不符）',
  'no list of files at its end': '末尾没有文件列表',
  'one of the kind beyond 4 GiB (zip64)': '它属于超过 4 GiB 的类型（zip64）',
  'one part of several': '它只是多个分卷之一',
  'a list of files that is not where it should be': '文件列表不在应在的位置',
  '{0} files (at most {1}) in a list of {2}': '{2} 的列表中有 {0} 个文件（最多 {1} 个）',
  '{0} under a password': '{0} 有密码保护',
  '{0} packed by method {1}': '{0} 以方法 {1} 压缩',
  '{0} of the kind beyond 4 GiB (zip64)': '{0} 属于超过 4 GiB 的类型（zip64）',
  '{0} in another part of it': '{0} 位于另一个分卷',
  '{0} that is a link': '{0} 是链接',
  'a damaged list of files': '文件列表已损坏',
  '{0} with two sizes': '{0} 有两个大小',
  '{0} that would be {1}, out of {2} bytes': '{0} 将从 {2} 字节解压为 {1}',
  '{0} in packed files (at most {1})': '压缩文件解压后共 {0}（最多 {1}）',
  '{0} packed into {1} (at most {2} to 1)': '{0} 被压缩成 {1}（最多 {2}:1）',
  'a header of {0} that differs from the list': '{0} 的文件头与列表不符',
  'nothing where {0} should be': '应有 {0} 的位置什么也没有',
  '{0} cut off': '{0} 不完整',
  '{0} and {1} over the same bytes': '{0} 与 {1} 占用相同的字节',
  'several files over the same bytes': '多个文件占用相同的字节',
  'a file with the path "{0}"': '有文件的路径为 "{0}"',
  'two files named {0}': '有两个文件同名 {0}',
  'Download it again, or create it again from its folder.': '请重新下载，或用原文件夹重新打包。',
  'Unpack it, and drop the folder.': '请解压后拖入文件夹。',
  'If you trust who made it, unpack it and drop the folder.': '如果信任制作者，请解压后拖入文件夹。',
  '{0}: expected a file that can be read, got none. Drop it again.': '{0}：应为可读取的文件，实际无法读取。请重新拖入。',
  '{0}: expected a zip of plain files, got {1}. {2}': '{0}：应为只含普通文件的 zip，实际：{1}。{2}',
  'solved examples: expected whole numbers from 0 to 100 with commas between them, got {0}. Correct them.':
    '示例数量：应为 0 到 100 的整数，以英文逗号分隔，实际为 {0}。请更正。',
  '{0}, line {1}: {2}. Correct the line.': '{0}，第 {1} 行：{2}。请更正该行。',
  '{0}, line {1}': '{0}，第 {1} 行',
  'Another dataset was chosen before this one was read. Choose this one again if you need it.':
    '在读完这个数据集之前，又选择了另一个。如果需要这个数据集，请重新选择。',
  'No dataset is chosen. Choose one.': '尚未选择数据集。请选择一个。',
  'base: expected checksums of what was uploaded, got none. Open the model again.':
    '基座：应有上传内容的校验和，实际没有。请重新打开模型。',
  'the conversations of the chat': '对话记录',
  'This conversation is too long to be kept. Begin a new one.': '此对话太长，无法保存。请开始新的对话。',
  'Another tab has deleted this conversation.': '此对话已在另一个标签页中删除。',
  'No model is loaded. Choose a model first.': '尚未加载模型。请先选择模型。',
  'The demo’s model was not loaded to the end. Start the demo again.': '演示模型没有加载完成。请重新开始演示。',
  'This page lacks the method {0}, which the demo uses. Reload the page and try again.': '此页面没有演示所用的方法 {0}。请刷新页面后再试。',
  'The demo’s comparison cannot start here: {0}. Reload the page and try again.': '演示的对比无法在这里开始：{0}。请刷新页面后再试。',
  'no model': '没有模型',
  'demo/{0}demo.json: expected the entries name, model (paths), data and comparison, got others. Put the demo folder of the release back.':
    'demo/{0}demo.json：应有 name、model（路径）、data 和 comparison，实际是其他内容。请放回发行包中的 demo 文件夹。',
  '{0}: expected pictures in folders, got none. Put the demo folder of the release back.':
    '{0}：应有放在文件夹中的图片，实际没有。请放回发行包中的 demo 文件夹。',
  'The demo’s run was deleted before it ended. Start the demo again.': '演示的训练在结束前被删除。请重新开始演示。',
  'The demo’s run was stopped before it had an adapter. Start the demo again.': '演示的训练在得到适配器之前被停止。请重新开始演示。',
  'demo/demo.json: expected the entries model (paths), train, heldout and method, got others. Put the demo folder of the release back.':
    'demo/demo.json：应有 model（路径）、train、heldout 和 method 这些条目，实际不同。请放回发行包中的 demo 文件夹。',
  'The demo lacks its training file or its held-out file. Put the demo folder of the release back.':
    '演示缺少训练文件或留出文件。请放回发行包中的 demo 文件夹。',
  'No model is loaded. Load the adapter’s base model and drop the adapter again.':
    '尚未加载模型。请加载适配器的基座模型，然后重新拖入适配器。',
  'The adapter of run {0} is not saved. Train it again.': '训练 {0} 的适配器没有保存。请重新训练。',
  'run {0}, {1}: expected {2}, got {3}. It is left as it is; open it with the TabTune that wrote it, or delete it.':
    '训练 {0}，{1}：应为 {2}，实际为 {3}。它将保持原样；请用写入它的 TabTune 版本打开，或将其删除。',
  'its record': '它的记录',
  'a value': '一个值',
  'The workbench that was open here before cannot be read: expected its files and its recipe, got something else. Open the files again.':
    '之前在此打开的数据工作台无法读取：应有它的文件和配方，实际不是。请重新打开这些文件。',
  'This rewrite is the prompt as it was. Edit it, ask again, or throw it away.': '这条改写与原提示词相同。请编辑它、重新生成或丢弃它。',
  '{0}: expected the adapter that another engine has trained, got an exported run with no adapter in any of its result folders. Train it as its README.md says, then drop the folder again.':
    '{0}：应有其他引擎训练出的适配器，实际是一份导出的训练，各 result 文件夹中都还没有适配器。请按其中的 README.md 训练，然后重新拖入此文件夹。',
  'Open the model {0} to export this run.': '请打开模型 {0} 以导出此训练。',
  'Open the data {0} to export this run.': '请打开数据 {0} 以导出此训练。',
  'Open the evaluation file {0} to export this run.': '请打开评估文件 {0} 以导出此训练。',
  'Close the evaluation file {0} to export this run.': '请关闭评估文件 {0} 以导出此训练。',
  'export: expected the {0} rows of {1} that the run was trained on, got {2}. Open the same file.':
    '导出：应为此训练所用 {1} 的 {0} 行，实际为 {2} 行。请打开同一文件。',
  'export: expected the file {0} that the run was trained on (fingerprint {1}), got another one of that name (fingerprint {2}). Open the same file.':
    '导出：应为此训练所用的文件 {0}（指纹 {1}），实际为同名的另一文件（指纹 {2}）。请打开同一文件。',
  'export: expected a run that keeps the fingerprint of its model {0}, got one without. Train it again, or export it with tabtune export-run.':
    '导出：训练记录应有其模型 {0} 的指纹，实际没有。请重新训练，或用 tabtune export-run 导出。',
  'export: expected the model {0} (fingerprint {1}) that the run was trained on, got {2} (fingerprint {3}). Open {4}.':
    '导出：应为此训练所用的模型 {0}（指纹 {1}），实际为 {2}（指纹 {3}）。请打开 {4}。',
  'export: expected a run that keeps the fingerprint of {0}, got one without, so this file may be another one. Train it again, or export it with tabtune export-run.':
    '导出：训练记录应有 {0} 的指纹，实际没有，因此这可能是另一个文件。请重新训练，或用 tabtune export-run 导出。',
  'export: expected the rows of {0} and the held-out rows that the run was trained with (fingerprint {1}), got others (fingerprint {2}). Open the same files.':
    '导出：应为此训练所用 {0} 的行和留出行（指纹 {1}），实际为其他行（指纹 {2}）。请打开相同的文件。',
  'The base of this run takes {0} GiB as Python reads it; a zip takes at most 4 GiB. Export the run on the command line: tabtune export-run.':
    '此训练的基座模型以 Python 可读的形式占 {0} GiB，而 zip 最多 4 GiB。请用命令行导出：tabtune export-run。',
  'Open the model {0} to resume this run.': '请打开模型 {0} 以恢复此训练。',
  'Open the data {0} to resume this run.': '请打开数据 {0} 以恢复此训练。',
  'Open the evaluation file {0} to resume this run.': '请打开评估文件 {0} 以恢复此训练。',
  'Close the evaluation file {0} to resume this run.': '请关闭评估文件 {0} 以恢复此训练。',
  '{0} is not a record of a run that TabTune can read. The adapter is imported without it.':
    '{0} 不是 TabTune 能读取的训练记录。导入适配器时将忽略它。',
  '{0}, line {1}: expected a step or an evaluation as JSON, got {2}.': '{0} 第 {1} 行：应为一个训练步或一次评估的 JSON，实际为 {2}。',
  '{0} The adapter is imported without its curves. Correct the line and drop the folder again to have them.':
    '{0}导入适配器时将没有曲线。如需曲线，请更正此行，然后重新拖入文件夹。',
  'The last line of {0} is incomplete and was left out.': '{0} 的最后一行不完整，已略去。',
  '{0}: expected a copy of these held-out rows in this browser, got none, so their loss after the run is missing. Measure the adapter on that file.':
    '{0}：此浏览器中应有这些留出行的副本，实际没有，因此缺少训练之后它们的损失。请在该文件上评估适配器。',
  'The model that this run was set up with is not loaded. Load it again.': '配置此训练时所用的模型尚未加载。请重新加载它。',
  'The adapter that this run starts from was deleted. Choose another one and start a new run.':
    '此训练所接续的适配器已被删除。请选择另一个，并开始新的训练。',
  '{0}: expected rows that can all be used, got {1} lines that cannot. Correct the file.':
    '{0}：所有行都应可用，实际有 {1} 行不可用。请更正文件。',
  'The run was set up with {0}, and {1} is loaded. Open {2} again.': '此训练是用 {0} 配置的，当前加载的数据：{1}。请重新打开 {2}。',
  'The model was stopped at the most tokens that a rewrite may have, so its end may be missing. Edit it, throw it away, or begin again with more tokens.':
    '模型达到了改写的词元上限而停止，因此结尾可能不完整。请编辑或丢弃它，或提高词元上限后重新开始。',
  '{0}, the run before this one, has not ended, so this one did not start. Resume {1}; then this one follows.':
    '前一次训练 {0} 尚未结束，因此这次训练没有开始。请恢复 {1}，随后这次训练会接着进行。',
  '{0}, the run before this one, ended early, so this one did not start. Start it to continue from what was kept of {1}.':
    '前一次训练 {0} 提前结束，因此这次训练没有开始。启动它即可从 {1} 保留下来的结果继续。',
  '{0}, the run before this one, ended without an adapter, so this one did not start. Start a new run.':
    '前一次训练 {0} 结束时没有适配器，因此这次训练没有开始。请开始新的训练。',
  'Another tab of this browser keeps its workbench, so this one is not kept: closing this tab loses it. Download the recipe to keep your steps.':
    '此浏览器的另一个标签页正在保存它的数据工作台，因此这里的数据工作台不会保存：关闭此标签页就会丢失。请下载配方以保留这些步骤。',
  'Your earlier workbench was not restored, because this one was already in use. This one is not kept: download its recipe, and reload the page to get the earlier one back.':
    '由于当前数据工作台已在使用，之前的数据工作台没有恢复。当前数据工作台不会保存：请下载它的配方，然后刷新页面以恢复之前的数据工作台。',
  'demo/{0}: the server answered with status {1}. Reload the page, or put the demo folder of the release back.':
    'demo/{0}：服务器返回状态 {1}。请刷新页面，或放回发行包中的 demo 文件夹。',
  '{0}, line {1}: expected a row that every chosen model can read, got one that is too long for one of them. Leave the row out, or ask the models one after another.':
    '{0}，第 {1} 行：应为所有所选模型都能读取的行，实际对其中一个模型来说过长。请去掉该行，或逐个询问模型。',
  'The data has no evaluation rows. Hold rows out, or choose an evaluation file.': '数据中没有评估行。请留出一些行，或选择评估文件。',
  'The engine’s worker failed: {0}. Reload the page. Saved runs are safe.': '引擎的工作线程出错：{0}。请刷新页面。已保存的训练不受影响。',
  'The engine failed: {0}. Reload the page. Saved runs are safe.': '引擎出错：{0}。请刷新页面。已保存的训练不受影响。',
  'The engine did not answer for {0} seconds, so it was started again. The model and the data are no longer loaded, and the steps since the last snapshot are lost. Saved runs are safe. Open the model again.':
    '引擎有 {0} 秒没有响应，因此已重新启动。模型和数据已不再加载，上次快照之后的训练步也已丢失。已保存的训练不受影响。请重新打开模型。',
  'No dataset is loaded. Choose a dataset first.': '尚未加载数据集。请先选择数据集。',
  'The adapter of run {0} is not loaded. Load its base model and choose it again.':
    '训练 {0} 的适配器尚未加载。请加载它的基座模型，然后重新选择它。',
  'The graphics device was lost, and the model could not be put back on the new one. {0}': '显卡设备已丢失，模型无法放回新设备。{0}',
  "snapshot: expected one of this run in this browser's storage, got none. Start the run again.":
    '快照：此浏览器的存储中应有此训练的快照，实际没有。请重新开始训练。',
  "run: expected an id of letters, digits and '-', got {0}. Start the run again.":
    "训练：id 应由字母、数字和 '-' 组成，实际为 {0}。请重新开始训练。",
  '{0}: expected the model that it was read for, got another. Choose the data again.':
    '{0}：应为读取数据时所用的模型，实际是另一个。请重新选择数据。',
  'The merged model takes {0} GiB; a zip takes at most 4 GiB. Choose 16 bits or GGUF, or merge on the command line.':
    '合并后的模型有 {0} GiB，而 zip 最多 4 GiB。请选择 16 位或 GGUF，或在命令行中合并。',
  '{0}: the worker that reads it failed: {1}. Reload the page, and choose the file again.':
    '{0}：读取它的工作线程出错：{1}。请刷新页面，然后重新选择文件。',
  'The adapter was trained with {0}, so it cannot be trained further with {1}. Choose {2}.':
    '适配器是用 {0} 训练的，不能改用 {1} 继续训练。请选择 {2}。',
  'The worker that judges the answers failed: {0}. Try again with fewer rows.': '评判回答的工作线程出错：{0}。请减少行数后重试。',
  'its script could not be loaded': '无法加载它的脚本',
  'A run is in progress. Stop it, or wait until it ends.': '正在训练。请停止训练，或等它结束。',
  'Training stopped after step {0}: the graphics device stopped answering {1} times in a row. Lower the batch size or the maximum length.':
    '训练在第 {0} 步之后停止：显卡设备连续 {1} 次停止响应。请减小批大小或最大长度。',
  'Training stopped after step {0}: the graphics device was lost {1} times in a row. Lower the batch size or the maximum length, and close other programs that use the graphics card.':
    '训练在第 {0} 步之后停止：显卡设备连续 {1} 次丢失。请减小批大小或最大长度，并关闭其他使用显卡的程序。',
  '{0}: the worker that unzips it failed: {1}. Reload the page, and drop the file again.':
    '{0}：解压它的工作线程出错：{1}。请刷新页面，然后重新拖入文件。',
  'The worker that holds the rows failed: {0}. Try again with fewer rows.': '存放数据行的工作线程出错：{0}。请减少行数后重试。',
  '{0}: expected the bytes that were written into the archive, got others. Write the archive again.':
    '{0}：应与写入归档时的字节相同，实际不同。请重新写入归档。',
  '{0}: expected an archive of a TabTune library, with {1}/{2}, got another zip. Drop adapters, models and data on the page instead.':
    '{0}：应为 TabTune 资料库的归档，其中有 {1}/{2}，实际是别的 zip。适配器、模型和数据请直接拖到本页。',
  '{0}: expected an archive of version {1}, got version {2}. Open it with the version of TabTune that wrote it.':
    '{0}：应为版本 {1} 的归档，实际为版本 {2}。请用写入它的 TabTune 版本打开。',
  '{0}: expected {1}, which its list names, got no such file. Write the archive again.':
    '{0}：清单中列出的 {1} 不在归档中。请重新写入归档。',
  'library: expected at most {0}, which is what a zip holds, got {1}. Leave the models out, or delete what you no longer need.':
    '资料库：zip 最多容纳 {0}，实际需要 {1}。请不包含模型，或删除不再需要的内容。',
  'library: expected at most {0} files, which is what can be taken in again, got {1}. Delete runs or data that you no longer need.':
    '资料库：归档最多可容纳 {0} 个文件（再多便无法重新导入），实际有 {1} 个。请删除不再需要的训练记录或数据。',
  '{0}: what it could be resumed from is not in the archive.': '{0}：归档中不包含用于恢复训练的内容。',
  '{0}: the run has not ended, so it is not in the archive.': '{0}：训练尚未结束，因此不在归档中。',
  '{0}: its adapter is not in the archive, but its curves and notes are. {1}': '{0}：归档中有它的曲线和备注，但没有它的适配器。{1}',
  '{0}: the adapter of its best evaluation is not in the archive. {1}': '{0}：归档中没有它评估结果最好时的适配器。{1}',
  '{0}: expected all files of its adapter, got none or others for {1}. The run was taken in without it. Write the archive again.':
    '{0}：归档中应有其适配器的全部文件，但 {1} 缺失或大小不符。已导入训练记录，但没有这个适配器。请重新写入归档。',
  '{0}: expected all files of the adapter of its best evaluation, got none or others for {1}. The run was taken in without it. Write the archive again.':
    '{0}：归档中应有评估结果最好时的适配器的全部文件，但 {1} 缺失或大小不符。已导入训练记录，但没有这个适配器。请重新写入归档。',
}
