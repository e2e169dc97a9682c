// The worker's entry: the engine on this thread's WebGPU, offered to the page.
import { type ProxyMethods, expose, releaseProxy } from 'comlink'
import { opfsFolder } from '../storage/opfs-folder'
import { tuningStore } from '../storage/tuning-store'
import { workerRenderer } from '../tokenizer/template-renderer'
import templateUrl from '../tokenizer/template.worker.ts?worker&url'
import type { EngineApi } from './api'
import { Engine } from './engine'
import { readInWorker } from './reading'
import readingUrl from './reading.worker.ts?worker&url'
import { startWorker } from './start-worker'

const engine: EngineApi = new Engine({
  gpu: navigator.gpu,
  tunings: tuningStore(),
  folders: opfsFolder,
  renderer: (template, tokens) => workerRenderer(() => startWorker(templateUrl, 'template'), template, tokens),
  read: readInWorker(() => startWorker(readingUrl, 'reading')),
})

const isCallback = (arg: unknown): arg is Partial<ProxyMethods> => typeof arg === 'function'

/** Callbacks come as proxies with a channel each: given back when the call is over, or every call would leak one. */
function releasing(target: EngineApi): EngineApi {
  return new Proxy(target, {
    get(object, name: keyof EngineApi) {
      const method = object[name] as (...args: unknown[]) => Promise<unknown>
      return async (...args: unknown[]) => {
        try {
          return await method.apply(object, args)
        } finally {
          for (const arg of args) if (isCallback(arg)) arg[releaseProxy]?.()
        }
      }
    },
  })
}

expose(releasing(engine))
