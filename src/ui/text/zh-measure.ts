// 简体中文: what a few measured steps say about a run before it starts.
import type { Text } from './en'

export const measure: Text['measure'] = {
  start: '测量用时',
  help: '只运行几步，以推算整个训练所需的时间。不会训练任何内容。',
  measuring: '正在测量几步…',
  takes: (time) => `大约需要 ${time}`,
  speed: (tokens) => `${tokens} 词元/秒`,
  pictureSpeed: (pictures) => `${pictures} 张图片/秒`,
  sizes: '比较批大小',
  sizesHelp: '分别以同时 1、2、4、8、… 行各运行几步。不会训练任何内容。',
  now: (rows) => `正在测量同时 ${rows} 行…`,
  rows: '同时的行数',
  tokens: '词元/秒',
  pictures: '图片/秒',
  memory: '显存',
  time: '整个训练',
  take: (rows) => `采用 ${rows}`,
  taken: '使用中',
  fastest: '最快',
  kept: '如果能整除，每一步的总行数不变，只是分成若干微批。行数更多时，每一步会更大。',
}
