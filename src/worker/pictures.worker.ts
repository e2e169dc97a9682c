// Decodes pictures. The page and the engine have a few of these (src/worker/picture-pool.ts).
import jpegUrl from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url'
import webpUrl from '@jsquash/webp/codec/dec/webp_dec.wasm?url'
import { type JobRequest, answerJob, pictureJobs } from '../pictures/jobs'
import { wasmCodecs } from '../pictures/wasm-codecs'

const urls = { jpeg: jpegUrl, webp: webpUrl }
const work = pictureJobs(
  wasmCodecs(async (name) => {
    // In a worker from a blob, an address that begins at the root has no origin of its own.
    const response = await fetch(new URL(urls[name], location.origin))
    return WebAssembly.compile(await response.arrayBuffer())
  }),
)

addEventListener('message', ({ data }: MessageEvent<JobRequest>) => {
  void answerJob(data, work, (reply, buffers) => postMessage(reply, buffers))
})
