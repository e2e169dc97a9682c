// EXAONE 4: norms behind each sub-layer and on each head's queries and keys; layers without a window do not rotate (LG AI Research 2025,
// arXiv 2507.11407, section 2; transformers modeling_exaone4.py).
import { attention, exaone4 as files } from '../formats/families/exaone4'
import { decoderFamily } from './decoder-family'

export const exaone4 = decoderFamily({ files, order: () => 'behind', headNorms: { over: 'head' }, attention })
