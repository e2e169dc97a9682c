// Gemma 2 (Gemma Team 2024, arXiv 2408.00118, section 2): soft caps on scores and logits, and a window on every second layer, the
// first one included.
import { attention, gemma2 as files, logitCap } from '../formats/families/gemma2'
import { decoderFamily } from './decoder-family'
import { newerGemmaKind } from './gemma'

export const gemma2 = decoderFamily({ ...newerGemmaKind, files, attention, logitCap })
