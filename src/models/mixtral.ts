// Mixtral: Mistral with experts in place of the feed-forward (Jiang 2024, arXiv 2401.04088, section 2.1).
import { attention, mixtral as files } from '../formats/families/mixtral'
import { decoderFamily } from './decoder-family'

export const mixtral = decoderFamily({
  files,
  names: { gate: 'block_sparse_moe.w1', up: 'block_sparse_moe.w3', down: 'block_sparse_moe.w2' },
  attention,
})
