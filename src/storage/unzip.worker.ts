// Unzips one zip outside the page's thread. The page ends this worker when it has answered or is no longer needed.
import { errorReport } from '../config/errors'
import { type UnzipReply, type UnzipRequest, unzipBlob } from './unzip'

addEventListener('message', (event: MessageEvent<UnzipRequest>) => {
  const answer = async (): Promise<UnzipReply> => {
    try {
      return { ok: true, files: await unzipBlob(event.data.name, event.data.blob, event.data.all) }
    } catch (error) {
      return { ok: false, error: errorReport(error) }
    }
  }
  void answer().then((reply) => postMessage(reply))
})
