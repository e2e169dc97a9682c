// 简体中文: the library as a whole, its archive, and diagnostics.

import type { Text } from './en'

export const library: Text['library'] = {
  title: '保存在这台设备上',
  lead: '训练记录、适配器、模型和数据一直保存在此浏览器中，直到被删除。不加载模型也能下载适配器。',
  emptyTitle: '还没有训练记录',
  emptyBody: '训练结束后，曲线和适配器会保存在这里。',
  storage: (used, free) => `已用 ${used}，可用 ${free}。`,
  noAdapter: '没有保存适配器。',
  unreadableAdapter: '下载它的适配器',
  unreadableRemove: '删除残留数据',
  unreadableTitle: '删除此训练的残留数据？',
  otherWeights: (name) => `已加载的 ${name} 权重不同。请加载训练此适配器时所用的模型。`,
  importHere: (name) => `用于 ${name}`,
  otherModel: (name) => `加载 ${name} 后即可与此适配器对话。`,
  contents: {
    title: '这里有什么',
    what: '种类',
    count: '数量',
    size: '大小',
    origin: '来源',
    models: '模型',
    data: '数据集',
    recipes: '配方',
    runs: '训练记录',
    adapters: '适配器',
    kept: '打开过的文件的副本',
    ofRuns: (names) => `用于 ${names} 的数据`,
    trained: (trained, imported) => `在此训练 ${trained} 个，导入或组合 ${imported} 个`,
    none: '–',
  },
  archive: {
    title: '将资料库存为一个文件',
    lead: '归档包含训练记录及其曲线、适配器、数据集，也可以包含模型。另一个浏览器可以重新导入归档。已保存的对话、数据工作台以及用于恢复中断训练的内容不在归档中，仍留在此浏览器里。',
    withModels: (size) => `包含模型（${size}）`,
    write: '下载归档',
    read: '导入归档',
    file: '资料库归档',
    writing: '正在写入归档',
    reading: '正在导入归档',
    written: (models, data, runs) => `归档内容：${models}、${data}、${runs}。`,
    taken: (models, data, runs) => `已导入：${models}、${data}、${runs}。`,
    there: (count) => `另有 ${count} 项原本就在这里。`,
    leftOut: '未包含：',
    models: (count) => `${count} 个模型`,
    data: (count) => `${count} 个数据集`,
    runs: (count) => `${count} 条训练记录`,
  },
}

export const diagnostics: Text['diagnostics'] = {
  title: '诊断信息',
  help: '图形适配器及其限制、版本、打开的内容和页面上显示的错误，用于报告问题。其中没有数据行、提示词或文件名。',
  copy: '复制诊断信息',
}
