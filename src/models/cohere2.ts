// Command R7B and Command A: Command R with a window on three of four layers, and without rotation on the fourth (transformers
// modeling_cohere2.py).
import { attention, cohere2 as files } from '../formats/families/cohere2'
import { commandKind } from './command-r'
import { decoderFamily } from './decoder-family'

export const cohere2 = decoderFamily({ ...commandKind, files, attention })
