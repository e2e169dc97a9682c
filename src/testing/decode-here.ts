// Decodes pictures in this thread, for tests of stores.
import { nodeCodecs } from '../cli/node/picture-codecs'
import { type JobRequest, answerJob, pictureJobs } from '../pictures/jobs'
import { type DoJob, createPicturePool } from '../worker/picture-pool'

export function decodeHere(): DoJob {
  const work = pictureJobs(nodeCodecs())
  return createPicturePool(() => {
    const events = new EventTarget()
    return {
      postMessage: (request: JobRequest) =>
        void answerJob(request, work, (data) => events.dispatchEvent(new MessageEvent('message', { data }))),
      terminate: () => undefined,
      addEventListener: events.addEventListener.bind(events),
    }
  }, 1).run
}
