// QLoRA (Dettmers 2023, arXiv 2305.14314, section 3): LoRA on all linear layers over a base in NF4 with double quantisation.
import { lora } from './lora'
import type { Method } from './method'

export const qlora: Method = {
  ...lora,
  name: 'qlora',
  label: 'QLoRA',
  summary: 'LoRA on all linear layers over a base held in 4 bits (NF4, double quantisation): the least memory.',
  paper: 'Dettmers et al. 2023, arXiv 2305.14314',
  bases: ['nf4-dq', 'nf4'],
}
