// The worker's entry: the engine on this thread's WebGPU, offered to the page.
import { expose } from 'comlink'
import { workerRenderer } from '../tokenizer/template-renderer'
import templateUrl from '../tokenizer/template.worker.ts?worker&url'
import { Engine } from './engine'
import { scriptUrl } from './script-url'

expose(
  new Engine({
    gpu: navigator.gpu,
    renderer: (template, tokens) => workerRenderer(() => new Worker(scriptUrl(templateUrl), { type: 'module', name: 'template' }), template, tokens),
  }),
)
