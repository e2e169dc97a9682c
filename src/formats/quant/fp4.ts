// FP4 like bitsandbytes': as NF4, with another code book.
import { fp4Book } from './fp4-code'
import { absmaxFormat } from './nf4'

export const fp4 = absmaxFormat('fp4', 'FP4', 'quant/fp4_code', fp4Book)
