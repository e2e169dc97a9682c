// Reads one dataset. The engine ends this worker when it has answered or is no longer needed.
import { workerRenderer } from '../tokenizer/template-renderer'
import templateUrl from '../tokenizer/template.worker.ts?worker&url'
import { type ReadRequest, answerRead } from './reading'
import { startWorker } from './start-worker'

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  void answerRead(
    data,
    (template, tokens) => workerRenderer(() => startWorker(templateUrl, 'template'), template, tokens),
    (reply, buffers = []) => postMessage(reply, buffers),
  )
})
