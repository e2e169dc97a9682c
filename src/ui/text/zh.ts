// 简体中文: all text that the page shows. The parts of the page are in the files beside this one, as in English; the words of the engine are
// in zh-fields*.ts (labels, help, choices and summaries) and zh-phrases*.ts (sentences).
//
// Style: short and polite without 您 or 你; full-width punctuation; a space between Han characters and Latin letters or digits; “ ” as
// quotation marks; 、 in lists. Names of methods, formats, files and settings in files stay as they are.
//
// Terms: adapter 适配器 · base (model) 基座(模型) · base precision 基座精度 · fine-tune 微调 · method 方法 · run 训练, its list 训练记录 ·
// step 步 · epoch 轮 · batch size 批大小 · micro-batch 微批 · gradient accumulation 梯度累积 · gradient checkpointing 梯度检查点 ·
// learning rate 学习率 · schedule 调度 · warm-up 预热 · weight decay 权重衰减 · clipping 裁剪 · loss 损失 · perplexity 困惑度 ·
// evaluation 评估 · held-out rows 留出行, the set 留出集 · row 行 · dataset 数据集 · token 词元 · tokenizer 分词器 · vocabulary 词表 ·
// chat template 对话模板 · prompt 提示词 · completion 补全 · answer 回答 · system words 系统提示词 · turn 对话轮次 · task description 任务描述 ·
// rank 秩 · low-rank 低秩 · dropout Dropout · target modules 目标模块 · linear layer 线性层 · feed-forward 前馈层 · norm 归一化层 ·
// bias 偏置 · embedding 词嵌入 · head 输出层 · virtual tokens 虚拟词元 · prompt tuning 提示微调 · prefix tuning 前缀微调 · expert 专家 ·
// router 路由器 · quantise 量化 · weights 权重 · merge 合并 · combine 组合 · snapshot 快照 · checkpoint 检查点 · pause 暂停 · resume 继续
// (after an interruption 恢复) · train further 继续微调 · queue 队列 · recipe 配方 · step of a recipe 步骤 · data workbench 数据工作台 ·
// label 标注 · rewrite 改写 · fold 折 · leak 泄漏 · near duplicate 近似重复 · score 评分 · metric 指标 · seed 随机种子 · GPU memory 显存 ·
// main memory 内存 · graphics device 显卡 · software adapter 软件适配器 · copy kept in the browser 副本 · library 资料库 · licence 许可证

// Letters for readers whose system has no Chinese font. The browser loads the ranges of characters that it shows.
import '@fontsource-variable/noto-sans-sc/wght.css'
import { families } from '../../formats/families/registry'
import type { Text } from './en'
import { adapters } from './zh-adapters'
import { answers } from './zh-answers'
import { baseCheck } from './zh-base-check'
import { bench } from './zh-bench'
import { charts } from './zh-charts'
import { chats } from './zh-chats'
import { compare } from './zh-compare'
import { copies } from './zh-copies'
import { data } from './zh-data'
import { demoEnd, gets, guide } from './zh-first-use'
import { language } from './zh-language'
import { keys } from './zh-keys'
import { diagnostics, library } from './zh-library'
import { experts } from './zh-experts'
import { link } from './zh-link'
import { measure } from './zh-measure'
import { precision } from './zh-precision'
import { numbers } from './zh-numbers'
import { pictures } from './zh-pictures'
import { play } from './zh-play'
import { runs } from './zh-runs'
import { efforts, sweep } from './zh-sweep'
import { train } from './zh-train'
import { sentences } from './zh-sentences'
import { workbench } from './zh-workbench'

export const zh: Text = {
  sentences,
  compare,
  measure,
  precision,
  pictures,
  sweep,
  efforts,
  workbench,
  copies,
  adapters,
  answers,
  baseCheck,
  chats,
  experts,
  play,
  bench,
  link,
  gets,
  demoEnd,
  guide,
  locale: 'zh-CN',
  name: 'TabTune',
  views: { setup: '配置', data: '数据', train: '训练', compare: '对比', answers: '回答', play: '对话', library: '资料库' },
  viewsLabel: '页面',
  skip: '跳到主要内容',
  language,
  theme: { label: '主题', light: '浅色', dark: '深色', system: '跟随系统' },
  close: '关闭',
  dismiss: '知道了',
  cancel: '取消',
  gpu: {
    checking: '正在查找 GPU…',
    none: '没有 GPU',
    recovering: '正在恢复…',
    recoveringHelp: '显卡设备已丢失，正在重新打开。',
    withheld: (seconds) =>
      `显卡设备已丢失。多次崩溃后，浏览器会在约两分钟内不再提供显卡。TabTune 会在接下来的 ${seconds} 秒内反复请求，成功后自动继续。`,
    software: '软件',
    softwareHelp:
      '此图形适配器在处理器上运行，结果正确但速度慢。请在 Chrome 的“设置 → 系统”中打开图形加速（硬件加速）。在 Linux 上，启动 Chrome 时还需加上 --enable-features=Vulkan --enable-unsafe-webgpu。',
    buffers: (buffer, binding) => `最大缓冲区 ${buffer}，最大绑定 ${binding}`,
  },
  gate: {
    insecure: {
      title: '此地址无法使用 GPU',
      body: '浏览器只向 https 页面和本机页面提供 WebGPU。请改用下面的地址打开。',
      action: '在 localhost 打开',
    },
    browser: {
      title: '此浏览器不支持 WebGPU',
      body: 'TabTune 通过 WebGPU 在本机 GPU 上训练。新版 Chrome、Edge、Firefox 和 Safari 都支持 WebGPU。请更新此浏览器，或换一个浏览器打开本页。',
      action: '重新检查',
    },
    adapter: {
      title: '浏览器没有找到可用的 GPU',
      body: '请在浏览器设置中打开硬件加速，然后重启浏览器。如果显卡驱动刚刚崩溃，请等两分钟再刷新页面。',
      action: '重新检查',
    },
  },
  welcome: {
    title: '用自己的 GPU 微调语言模型',
    lead: '把模型和数据集拖到本页，开始训练，看着损失下降，然后下载 PEFT 和 llama.cpp 都能加载的适配器。',
    private: '任何数据都不会离开这台设备。',
    demo: '试试演示',
    demoHelp: '训练一个小语言模型，把句子转换成 inform(name[…]) 这样的简短记录。',
    pictureDemo: '用图片试试',
    pictureDemoHelp: '在少量图画上比较三种方法。',
    wordDemo: '用图片和文字试试',
    wordDemoHelp: '比较零样本、学到的上下文（CoOp）、线性探针和 LoRA。',
    dropTitle: '拖入模型或数据集',
    dropHelp:
      '可以拖入 .gguf 文件、Hugging Face 文件夹、适配器（文件夹或 zip）、数据集（JSONL、JSON、CSV、TSV、Parquet 或文本；或每个类别各有一个图片文件夹），也可以一次全部拖入。',
  },
  steps: {
    model: { title: '模型', help: 'GGUF 文件，或含有 config.json 和 safetensors 的文件夹。' },
    data: {
      title: '数据',
      help: 'JSONL、JSON、CSV、TSV、Parquet 或文本：纯文本、提示词与补全、指令或对话。也可以是图片，每个类别一个文件夹。',
    },
    method: { title: '方法', help: '选择一种方法。各项设置已有合理的初始值。' },
  },
  pick: {
    files: '选择文件',
    folder: '选择文件夹',
    data: '选择数据集',
    evaluation: '选择评估文件',
    another: '更换',
    modelInput: '模型文件',
    folderInput: '模型文件夹',
    dataInput: '数据集文件',
    evalInput: '评估文件',
  },
  drop: {
    overlay: '松开即可打开',
    overlayHelp: 'TabTune 根据内容识别模型、适配器和数据集。',
    busy: '正在训练。请先停止训练，再打开其他文件。',
    table: (name) => `本页无法读取 ${name} 的表格格式。请把它另存为 CSV 或 JSONL。`,
    ignored: (names) => `已忽略：${names}。`,
    nothing:
      '这些文件中没有模型、适配器或数据集。模型是 .gguf 文件，或含有 config.json 的文件夹；适配器是含有 adapter_config.json 的文件夹或 zip；数据集是 JSONL、JSON、CSV、TSV、Parquet 或文本文件，或每个类别各有一个图片文件夹的文件夹。',
  },
  phases: {
    reading: '正在读取',
    tuning: '正在测量显卡',
    quantising: '正在量化',
    mapping: '正在计算基座模型对各行的表示',
    uploading: '正在上传到 GPU',
    checking: '正在从 GPU 读回权重',
    tokenising: '正在分词',
    compiling: '正在准备内核',
    training: '正在训练',
    evaluating: '正在评估',
    generating: '正在生成',
    merging: '正在合并',
    saving: '正在保存',
    recovering: '显卡设备已丢失，正在恢复…',
  },
  model: {
    title: '模型',
    loading: (name) => `正在加载 ${name}`,
    again: '重新加载此模型',
    empty: '把 .gguf 文件或 Hugging Face 文件夹拖到这里。',
    architecture: '架构',
    architectureValue: (family, layers, hidden) => `${family}，${layers} 层 × ${hidden}`,
    heads: '注意力头',
    headsValue: (heads, kv) => `${heads} 个，其中键值头 ${kv} 个`,
    parameters: '参数量',
    context: '上下文长度',
    tokens: (count) => `${count} 词元`,
    vocabulary: '词表',
    vocabularyValue: (count, tied) => (tied ? `${count}，词嵌入与输出层共享` : count),
    tokenizer: '分词器',
    tokenizerNone: '无',
    template: '对话模板',
    templateYes: '有',
    templateNo: '无',
    templateShow: '查看模板',
    licence: '许可证',
    licenceUnknown: '未说明',
    size: '大小',
    sizeValue: (file, gpu) => `文件 ${file}，显存 ${gpu}`,
    formats: '文件中的权重格式',
    format: '格式',
    tensors: '张量数',
    bytes: '大小',
    base: '基座精度',
    baseHelp: '冻结的权重在 GPU 上以此格式存放。更改后会重新加载模型。',
    bases: {
      native: '与文件相同',
      f32: '32 位',
      f16: '16 位',
      q8_0: '8 位（Q8_0，整数）',
      nf4: '4 位（NF4）',
      'nf4-dq': '4 位（NF4，双重量化）',
      fp4: '4 位（FP4）',
      q4_0: '4 位（Q4_0，整数）',
    },
  },
  data,
  method: {
    title: '方法',
    choose: '方法',
    paper: (words) => `论文（${words}）`,
    settings: '方法设置',
    training: '训练设置',
    advanced: '显示高级设置',
    reset: '恢复默认值',
    changed: (count) => `已更改 ${count} 项`,
    needsModel: '加载模型后，这里会显示各种方法及其设置。',
    expected: (what) => `请输入${what}。`,
    baseNotice: (label, base) => `${label} 需要另一种基座精度：${base}。开始训练时会以此精度重新加载模型。`,
    baseAction: '现在加载',
  },
  memory: {
    title: '显存',
    offered: (bytes) => `此 GPU 允许的缓冲区最大为 ${bytes}`,
    afterReload: (base) => `准确数值取决于基座精度（${base}）。开始训练前会以此精度加载模型并检查显存。`,
    unknown: '选好模型、数据和方法后，这里会显示所需显存。',
    purposes: {
      weights: '冻结的权重',
      adapter: '适配器',
      gradients: '梯度',
      optimizer: '优化器',
      activations: '激活值',
      inputs: '输入',
      tables: '查找表',
      readback: '页面读取的副本',
    },
    trainable: (count, share) => `可训练参数 ${count}（${share}）`,
    steps: (count) => `共 ${count} 步`,
    adapterSize: (bytes) => `适配器 ${bytes}`,
    evalRows: (used, all) => `用 ${all} 个留出行中的 ${used} 行评估`,
    evalPictures: (used, all) => `用 ${all} 张留出图片中的 ${used} 张评估`,
    ways: '以下任何一项更改都能让显存够用：',
    wayBytes: (bytes) => `至少需要 ${bytes}。`,
    findWays: '怎样才能放得下？',
    findingWays: '正在寻找能放得下的更改…',
    noWays: '没有哪一项更改足以放得下。请减小最大长度，并换一个更小的模型。',
  },
  start: {
    ready: '开始训练',
    queue: '加入队列',
    busy: '正在等待当前任务…',
    goTo: (what) => `转到“${what}”`,
    setting: (label, what) => `${label}：应为${what}。`,
    correct: (label) => `更正“${label}”`,
    missing: {
      device: '没有可用的 GPU',
      model: '请选择模型',
      modelLoading: '正在加载模型…',
      data: '请选择数据集',
      dataLoading: '正在读取数据集…',
      dataError: '无法读取数据集',
      badLines: '请决定如何处理不可用的行',
      unknownCharacters: '请决定如何处理未知字符',
      nothingToTrain: '没有可训练的内容：请增大最大长度',
      firstStage: '请更正在纯文本上训练的步数',
      method: '请选择方法',
      unavailable: '此方法不适用于这个模型',
      fields: '请更正设置',
      estimating: '正在计算显存…',
      memory: '显存不足，无法开始此训练',
      settings: '无法开始此训练',
    },
  },
  demo: {
    title: '演示',
    stages: {
      idle: '',
      fetching: '正在获取演示文件',
      loading: '正在加载模型和数据',
      before: '正在让基座模型转换留出的句子',
      training: '正在训练',
      after: '正在让训练好的适配器转换同样的句子',
      examples: '正在让两者各完整写出其中三行',
      comparing: '正在模型没有见过的图画上比较各种方法',
      done: '完成',
      elsewhere: '演示在另一个标签页中继续，结果不会汇集到这里。',
      failed: '演示已停止',
    },
    before: '训练前',
    after: '训练后',
    exact: (matched, rows) => `${rows} 个留出行中有 ${matched} 行回答完全正确`,
    again: '再运行一次',
    accuracies: '留出图片上的准确率',
    zeroShot: '零样本（未训练）',
    best: (method, accuracy, seeds) => `这里最好的是 ${method}：留出的图画中有 ${accuracy} 分类正确。这是 ${seeds} 个随机种子的均值。`,
    mistakes: '查看分错的图片',
  },
  status: {
    queued: '排队中',
    preparing: '准备中',
    training: '训练中',
    recovering: '显卡设备已丢失，正在恢复…',
    pausing: '正在暂停',
    paused: '已暂停',
    stopping: '正在停止',
    finished: '已完成',
    stopped: '已停止',
    failed: '失败',
    interrupted: '已中断',
    elsewhere: '在另一个标签页中',
    imported: '已导入',
    combined: '已组合',
  },
  train,
  charts,
  runs,
  library,
  diagnostics,
  keys,
  help: {
    title: '帮助',
    gpu: '这块 GPU',
    open: '帮助',
    sections: [
      {
        title: '工作方式',
        body: '加载模型和数据集，选择方法，然后开始训练。基座模型保持冻结，方法在旁边训练一个可以下载的小适配器。',
      },
      {
        title: '可以加载什么',
        body: `${families.map(({ label }) => label).join('、')} 系列的模型，格式为 GGUF 或带有 safetensors 的 Hugging Face 文件夹；本页或 PEFT 生成的适配器，格式为文件夹或 zip；JSONL、JSON、CSV、TSV、Parquet 或文本格式的数据。`,
      },
      {
        title: '可以得到什么',
        body: '一个 zip，内有配置、权重和模型卡。模型卡写明用什么加载：大多数方法用 PEFT。LoRA 还附带供 llama.cpp 使用的 GGUF 文件。',
      },
      {
        title: '接下来可以做什么',
        body: '可以在同样的数据上对比多种方法，用其他数据评估适配器，继续微调，组合两个适配器，或把适配器合并到基座模型。也可以把本页或 PEFT 生成的适配器拖到这里。',
      },
      { title: '数据在哪里', body: '所有计算和存储都在此浏览器中进行。本页不连接其他服务器。' },
    ],
  },
  ...numbers,
}
