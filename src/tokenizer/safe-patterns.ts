// Patterns with which models cut text, as their tokenizer.json writes them. For these, the time of JavaScript's own RegExp grows with the
// length of the text only: each of their ways consumes what it has looked at, or leaves it to the next way, which does.

/** English endings in any case: in one way for every reader of patterns, and as most files have them. */
const contractions = `(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])`
const anyCase = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`
/** A pattern in one spelling: files write line breaks as they are or escaped, and endings in either way. */
export const spelt = (pattern: string): string => pattern.replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll(anyCase, contractions)
/** How byte-level BPE cuts text by default: GPT-2's pattern. */
export const byteLevelPattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`
/** The pattern of Llama 3, Qwen 2 and others, which differ in how many digits stay together. */
export const newerPattern = (digits: string): string =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

const [upper, lower] = ['[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]']

const casedWith = (short: string, digits: string): string =>
  `${upper}*${lower}+${short}|${upper}+${lower}*${short}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
/** The pattern of GPT-4o, gpt-oss and Phi-4: capitals begin a piece. */
export const casedPattern = casedWith(`${anyCase}?`, '\\p{N}{1,3}')
/** The same without contractions, and with each digit apart: Mistral's Tekken. */
export const tekkenPattern = casedWith('', '\\p{N}')
/** DeepSeek 3's and Hunyuan's, one after another. */
export const deepSeekPatterns: readonly string[] = [
  '\\p{N}{1,3}',
  '[一-龥\u3040-ゟ゠-ヿ]+',
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
]

/** DeepSeek Coder's, one after another. */
export const deepSeekCoderPatterns: readonly string[] = ['[\r\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', '[一-龥ࠀ-一가-\ud7ff]+', '\\p{N}']
/** Seed-OSS's. It differs from Qwen 2's in line breaks behind punctuation. */
export const seedPattern = `${anyCase}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
/** Qwen 3.5's: marks belong to their letters. */
export const markedPattern = `${contractions}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
/** Viking's words. */
export const vikingPattern = ' ?[^(\\s|.,!?…。，、।۔،)]+'

/** Patterns that RegExp may run. The others run in a BoundedPattern, which takes about ten times as long. */
export const safePatterns: readonly string[] = [
  byteLevelPattern,
  ...['\\p{N}', '\\p{N}{1,3}', '\\p{N}+'].map(newerPattern),
  casedPattern,
  tekkenPattern,
  ...deepSeekPatterns,
  ...deepSeekCoderPatterns,
  seedPattern,
  markedPattern,
  vikingPattern,
  '\\p{N}+',
  '[0-9][0-9][0-9]',
  '[\\p{P}\\$\\+<=>\\^~\\|]+',
]
