// The worker's entry: the engine on this thread's WebGPU, offered to the page.
import { expose } from 'comlink'
import { opfsFolder } from '../storage/opfs-folder'
import { tuningStore } from '../storage/tuning-store'
import { workerRenderer } from '../tokenizer/template-renderer'
import templateUrl from '../tokenizer/template.worker.ts?worker&url'
import type { EngineApi } from './api'
import { Engine } from './engine'
import { readInWorker } from './reading'
import { createPicturePool } from './picture-pool'
import picturesUrl from './pictures.worker.ts?worker&url'
import readingUrl from './reading.worker.ts?worker&url'
import { releasing } from './releasing'
import { startWorker } from './start-worker'

const engine: EngineApi = new Engine({
  gpu: navigator.gpu,
  tunings: tuningStore(),
  folders: opfsFolder,
  renderer: (template, tokens) => workerRenderer(() => startWorker(templateUrl, 'template'), template, tokens),
  read: readInWorker(() => startWorker(readingUrl, 'reading')),
  pictures: createPicturePool(() => startWorker(picturesUrl, 'pictures')).run,
})

expose(releasing(engine))
