// The engines that a run is written for.
import { accelerate } from './accelerate'
import { axolotl } from './axolotl'
import type { Engine } from './engine'
import { llamaFactory } from './llama-factory'
import { ray } from './ray'

export const engines: readonly Engine[] = [accelerate, ray, llamaFactory, axolotl]
