// Which of the dropped files make a model, which are adapters and which are data; decided by names, then by the first bytes.
import { saysLicence } from '../recipe/licence'
import type { PickedFile } from '../worker/api'
import { adapterNames, baseName, folder, takeAdapters } from './route-adapters'
import { takeExports } from './route-exports'

export interface RoutedFiles {
  model: PickedFile[]
  /** Files of each adapter. */
  adapters: PickedFile[][]
  train?: PickedFile
  evaluation?: PickedFile
  /** A recipe of the workbench. */
  recipe?: PickedFile
  /** Files that may say the licence of the rows. */
  about: PickedFile[]
  /** Files that were left aside, but for those that an exported run is trained from. */
  ignored: PickedFile[]
  /** Names of runs that were exported for other engines, and that none of them has trained yet. */
  untrained: string[]
}

const modelNames = new Set([
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.json',
  'chat_template.jinja',
  'preprocessor_config.json',
])
/** Weights as PyTorch saves them. */
const pickledWeights = /^(pytorch_model|model|consolidated)[\w.-]*\.(bin|pt|pth|ckpt)$/
const modelEndings = ['.gguf', '.safetensors', '.safetensors.index.json']
/** Files of rows; `.gz` may follow. */
const dataEnding = /\.(jsonl|ndjson|json|csv|tsv|tab|parquet)(\.gz)?$/
/** Files of text are rows if nothing else that was dropped is; `.gz` may follow. A README is not meant as rows. */
const textEnding = /\.(txt|md|markdown)(\.gz)?$/
const aboutFiles = /^(readme|license|licence|notice|requirements|changelog)\b/
const evalWords = /(^|[^a-z])(eval|evaluation|valid|validation|val|dev|test|heldout|held-out|held_out)([^a-z]|$)/

/** The file belongs to a model, whatever files are beside it. */
function isModelFile(path: string): boolean {
  const name = baseName(path)
  if (/(^|\/)additional_chat_templates\/[^/]+\.jinja$/.test(path)) return true
  return modelNames.has(name) || modelEndings.some((ending) => name.endsWith(ending))
}

/** The file has weights or describes them. Other files only accompany them. */
export function isModelCore(path: string): boolean {
  const name = baseName(path)
  return name === 'config.json' || name.endsWith('.gguf') || name.endsWith('.safetensors')
}

const headOf = async (file: File): Promise<string> => new TextDecoder().decode(await file.slice(0, 256).arrayBuffer())

async function sniff(file: File): Promise<'model' | 'data' | undefined> {
  const head = await headOf(file)
  if (head.startsWith('GGUF')) return 'model'
  if (head.startsWith('PAR1')) return 'data'
  const first = head.trimStart()[0]
  return first === '{' || first === '[' ? 'data' : undefined
}

async function kindOf(picked: PickedFile, modelFolders: ReadonlySet<string>): Promise<'model' | 'data' | 'text' | 'recipe' | 'ignored'> {
  const name = baseName(picked.path)
  if (name.startsWith('.')) return 'ignored'
  if (isModelFile(picked.path)) return 'model'
  // The engine says why it does not open these, and how to convert them.
  if (pickledWeights.test(name)) return 'model'
  if (name.endsWith('.json') && (await headOf(picked.file)).includes('"tabtuneRecipe"')) return 'recipe'
  const isData = dataEnding.test(name)
  // Other JSON beside a model's config.json belongs to the model, as publishers ship it; JSONL does not, but for the curves of a model that was trained here.
  if (modelFolders.has(folder(picked.path)))
    return /\.(jsonl|ndjson|csv|tsv|parquet)(\.gz)?$/.test(name) && !adapterNames.has(name) ? 'data' : 'model'
  if (isData) return 'data'
  return (await sniff(picked.file)) ?? (textEnding.test(name) && !aboutFiles.test(name) ? 'text' : 'ignored')
}

function pickData(files: PickedFile[]): { train?: PickedFile; evaluation?: PickedFile; rest: PickedFile[] } {
  if (files.length < 2) return { train: files[0], rest: [] }
  const evaluation = files.find((f) => evalWords.test(baseName(f.path)))
  const train = files.filter((f) => f !== evaluation && !evalWords.test(baseName(f.path))).sort((a, b) => b.file.size - a.file.size)[0]
  if (!train) return { train: files[0], rest: files.slice(1) }
  return { train, evaluation, rest: files.filter((f) => f !== train && f !== evaluation) }
}

/** Sorts what was dropped or picked. Of an exported run, only what an engine has trained counts. Model folders keep all their small files; one data file is training, one named like a split is evaluation. */
export async function routeFiles(all: readonly PickedFile[]): Promise<RoutedFiles> {
  const { untrained, rest } = takeExports(all)
  const { adapters, older, rest: files } = takeAdapters(rest)
  // Of files without a folder, only those that are a model by their own name count.
  const modelFolders = new Set(files.filter((f) => isModelCore(f.path) && folder(f.path) !== '').map((f) => folder(f.path)))
  const kinds = await Promise.all(files.map((f) => kindOf(f, modelFolders)))
  const of = (kind: string): PickedFile[] => files.filter((_, i) => kinds[i] === kind)
  const [model, rows, texts] = [of('model'), of('data'), of('text')]
  const textsAreRows = [model, rows, adapters].every(({ length }) => length === 0)
  const data = pickData(textsAreRows ? texts : rows)
  const [recipe, ...otherRecipes] = of('recipe')
  const aside = of('ignored')
  // Beside a model, these files are about the model.
  const isOfModel = ({ path }: PickedFile): boolean => model.some((file) => folder(file.path) === folder(path))
  const about = data.train ? aside.filter((file) => saysLicence(baseName(file.path)) && !isOfModel(file)) : []
  const ignored = [
    ...older,
    ...aside.filter((file) => !about.includes(file)),
    ...(textsAreRows ? [] : texts),
    ...otherRecipes,
    ...data.rest,
  ]
  return { model, adapters, train: data.train, evaluation: data.evaluation, recipe, about, ignored, untrained }
}
