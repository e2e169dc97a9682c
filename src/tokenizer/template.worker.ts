// Renders chat templates where they can be stopped: this worker is ended when it takes too long.
import { errorReport } from '../config/errors'
import { type TemplateReply, type TemplateRequest, renderJobs } from './template-renderer'

addEventListener('message', (event: MessageEvent<TemplateRequest>) => {
  const { template, tokens, jobs } = event.data
  let reply: TemplateReply
  try {
    reply = { results: renderJobs(template, tokens, jobs) }
  } catch (error) {
    reply = { stopped: errorReport(error).message }
  }
  postMessage(reply)
})
