// The engines that a run is written for.
import { accelerate } from './accelerate'
import type { Engine } from './engine'
import { ray } from './ray'

export const engines: readonly Engine[] = [accelerate, ray]
