// Opens dropped files as a model. Their contents decide what they are.
import { FormatError, UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { filesOf } from './families/registry'
import { ggufMagic } from './gguf'
import { openGguf } from './gguf-model'
import { areParts } from './gguf-parts'
import { checkFolder, openHuggingFace, templatesFolder } from './hf-model'
import type { ModelFile } from './model-file'
import type { ByteSource } from './source'

async function magicOf(source: ByteSource): Promise<number> {
  if (source.sizeBytes < 4) return 0
  return new DataView(new Uint8Array(await source.read(0, 4)).buffer).getUint32(0, true)
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const fileOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** The topmost folder that has a config.json. */
function modelFolder(sources: readonly ByteSource[]): string | undefined {
  const depth = (folder: string) => folder.split('/').length
  const folders = sources.filter((s) => fileOf(s.name) === 'config.json').map((s) => folderOf(s.name))
  const highest = folders.filter((folder) => depth(folder) === Math.min(...folders.map(depth)))
  if (highest.length > 1)
    throw new FormatError(say`files: expected one model, got ${highest.length} folders with config.json. Choose one of them.`)
  return highest[0]
}

/** The printable characters at the beginning of a file. */
async function beginning(source: ByteSource): Promise<string> {
  const text = new TextDecoder().decode(await source.read(0, Math.min(source.sizeBytes, 80)))
  return text
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .replaceAll('\ufffd', '')
    .trim()
    .slice(0, 40)
}

/** The error for a file with a GGUF name and other contents: usually a download that ended early, an error page or a pointer of Git LFS. */
async function notGguf(source: ByteSource): Promise<Error> {
  const name = fileOf(source.name)
  if (source.sizeBytes === 0) return new FormatError(say`${name}: expected a GGUF file, got an empty file. Download it again.`)
  const head = await beginning(source)
  const got = head ? say`one that begins with “${head}”` : say`one with other bytes`
  return new FormatError(say`${name}: expected a file that begins with “GGUF”, got ${got}. Download it again, or choose another file.`)
}

async function whatElse(sources: readonly ByteSource[], magics: readonly number[]): Promise<Error> {
  const names = sources.map((source) => fileOf(source.name))
  const first = names.slice(0, 3).join(', ')
  const shown = names.length > 3 ? say`${first} and ${names.length - 3} more` : first || say`no files`
  if (names.includes('adapter_config.json'))
    return new UnsupportedError(say`${shown}: expected a base model, got an adapter. Load its base model here, then import the adapter.`)
  if (names.some((name) => /^adapter.*\.safetensors$/.test(name)))
    return new FormatError(say`${shown}: expected a model, got the weights of an adapter. Choose the adapter's whole folder or zip.`)
  if (names.some((name) => name.endsWith('.safetensors')))
    return new FormatError(say`${shown}: expected config.json beside the safetensors files, got none. Choose the model's whole folder.`)
  const pickled = magics.some((magic) => (magic & 0xffff) === 0x4b50) || names.some((name) => /\.(bin|pt|pth|ckpt)$/.test(name))
  if (pickled)
    return new UnsupportedError(
      say`${shown}: expected GGUF or safetensors, got a zip or PyTorch file, which can run any program when it is opened. Convert the model where you trust it, in Python: AutoModelForCausalLM.from_pretrained('FOLDER').save_pretrained('NEW_FOLDER') of transformers writes safetensors.`,
    )
  if (names.some((name) => /\.(h5|msgpack|onnx|tflite|ot)$/.test(name)))
    return new UnsupportedError(
      say`${shown}: expected GGUF or safetensors, got weights of TensorFlow, Flax, Rust or ONNX. Choose the model in safetensors.`,
    )
  if (names.includes('config.json'))
    return new FormatError(say`${shown}: expected weights (safetensors) beside config.json, got none. Choose the model's whole folder.`)
  const misnamed = sources.find((source) => /\.gguf$/i.test(source.name))
  if (misnamed) return notGguf(misnamed)
  return new FormatError(
    say`${shown}: expected a GGUF file or a Hugging Face folder with config.json and safetensors, got neither. Choose the file or the whole folder of a model.`,
  )
}

/** @throws UnsupportedError for a model that sees pictures */
export function refusePictures(model: Pick<ModelFile, 'name' | 'config'>): void {
  const { label, task } = filesOf(model.config.family)
  if (!task) return
  throw new UnsupportedError(
    say`${model.name}: expected a language model, got a model of the ${label} family, which sorts pictures into classes. Train and use it on the command line (tabtune train, eval, predict and inspect), or choose a language model.`,
  )
}

/**
 * Opens a GGUF file or a Hugging Face folder and ignores other files. `pictures`: also a model that sees pictures.
 * @throws FormatError, UnsupportedError
 */
export async function openModel(sources: readonly ByteSource[], { pictures = false } = {}): Promise<ModelFile> {
  const model = await opened(sources)
  if (!pictures) refusePictures(model)
  return model
}

async function opened(sources: readonly ByteSource[]): Promise<ModelFile> {
  const magics: number[] = []
  for (const source of sources) magics.push(await magicOf(source))
  const ggufs = sources.filter((_, i) => magics[i] === ggufMagic)
  const root = modelFolder(sources)
  const isInside = (name: string) => root !== undefined && [root, root + templatesFolder].includes(folderOf(name))
  const folder = new Map(sources.filter(({ name }) => isInside(name)).map((s) => [s.name.slice(root!.length), s]))
  const hasWeights = [...folder.keys()].some((name) => name.endsWith('.safetensors') && !name.startsWith('adapter_'))
  if (ggufs.length && !hasWeights && (ggufs.length === 1 || areParts(ggufs))) return openGguf(ggufs)
  if (ggufs.length > 1 && !hasWeights) throw new FormatError(say`files: expected one GGUF file, got ${ggufs.length}. Choose one of them.`)
  if (hasWeights || folder.has('model.safetensors.index.json')) return openHuggingFace(folder, fileOf(root!.slice(0, -1)))
  if (folder.has('config.json')) await checkFolder(folder)
  throw await whatElse(sources, magics)
}
