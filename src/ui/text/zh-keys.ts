// 简体中文: the keys of the page, place by place.

import type { Text } from './en'

export const keys: Text['keys'] = {
  title: '按键',
  places: [
    {
      place: '任何地方',
      keys: [
        { keys: ['?'], does: '打开此帮助' },
        { keys: ['空格'], does: '暂停或继续训练（其他控件没有焦点时）' },
        { keys: ['Tab', 'Shift + Tab'], does: '移到下一个或上一个控件' },
        { keys: ['Esc'], does: '关闭对话框，或退出全屏' },
      ],
    },
    {
      place: '在图表中',
      keys: [
        { keys: ['←', '→'], does: '移动十字线' },
        { keys: ['Enter'], does: '固定或松开十字线' },
        { keys: ['+', '-'], does: '放大或缩小' },
        { keys: ['0'], does: '重新显示整个范围' },
        { keys: ['Esc'], does: '松开十字线' },
      ],
    },
    {
      place: '在数据行地图中',
      keys: [
        { keys: ['←', '→', '↑', '↓'], does: '移动选框；同时按 Shift 则改变大小' },
        { keys: ['Enter'], does: '选择框内的行' },
        { keys: ['Esc'], does: '取消选框' },
      ],
    },
    {
      place: '在回答中',
      keys: [{ keys: ['←', '→'], does: '逐个词元移动，并显示其概率' }],
    },
    {
      place: '标注时',
      keys: [
        { keys: ['Enter'], does: '接受当前文字并转到下一行' },
        { keys: ['Shift + Enter'], does: '换行' },
        { keys: ['Alt + S'], does: '跳过此行' },
        { keys: ['Alt + D'], does: '丢弃此行' },
        { keys: ['Alt + R'], does: '让模型重新回答' },
        { keys: ['Alt + Z'], does: '撤销上一个决定' },
      ],
    },
    {
      place: '在数字框中',
      keys: [{ keys: ['↑', '↓'], does: '把数字增大或减小一级' }],
    },
  ],
}
