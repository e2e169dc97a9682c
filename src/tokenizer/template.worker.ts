// Renders chat templates in a worker, which is ended if it takes too long.
import { phraseOf } from '../config/errors'
import { type TemplateReply, type TemplateRequest, jobsOf, renderJobs } from './template-renderer'

addEventListener('message', (event: MessageEvent<TemplateRequest>) => {
  const { template, tokens } = event.data
  let reply: TemplateReply
  try {
    reply = { results: renderJobs(template, tokens, jobsOf(event.data)) }
  } catch (error) {
    reply = { stopped: phraseOf(error) }
  }
  postMessage(reply)
})
