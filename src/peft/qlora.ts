// QLoRA (Dettmers 2023, arXiv 2305.14314, section 3): LoRA on all linear layers of a base in NF4 with double quantisation.
import { lora } from './lora'
import type { Method } from './method'

export const qlora: Method = {
  ...lora,
  name: 'qlora',
  label: 'QLoRA',
  summary:
    'Trains LoRA on a base model that is held in 4 bits (NF4 with double quantisation). Choose it when the model is too large for your memory.',
  paper: 'Dettmers et al. 2023, arXiv 2305.14314',
  bases: ['nf4-dq', 'nf4', 'fp4'],
}
