// Judges answers off the page's thread. Its worker ends with its answer.
import { type ColumnsToScore, scoreColumns } from '../scores/score-columns'
import { guarded } from './guarded'

addEventListener('message', ({ data }: MessageEvent<ColumnsToScore>) => {
  void guarded(async () => scoreColumns(data)).then(postMessage)
})
