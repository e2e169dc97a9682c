// The chat template in an adapter's folder. Trainers save there the template that the adapter was trained with, which the base may lack, so
// such an adapter is asked in it. Ids of tokens are the base's.
import type { ByteSource } from '../formats/source'
import type { TokenizerSource } from '../formats/model-file'
import { type Phrase, say } from '../config/phrase'
import { rendererOf } from '../tokenizer/model-renderer'
import { chatTemplateOf } from '../tokenizer/model-templates'
import { checkTokenizerConfig } from '../tokenizer/tokenizer-schema'
import type { LoadedModel } from './loaded-model'
import type { Adapter } from './method'

type Json = Record<string, unknown>

/** The templates of a folder, and the special tokens that they write; undefined if it has none. `json` reads a file. @throws FormatError */
export async function folderTemplates(
  named: (name: string) => ByteSource | undefined,
  json: (source: ByteSource) => Promise<Json>,
): Promise<TokenizerSource | undefined> {
  const [config, template] = [named('tokenizer_config.json'), named('chat_template.jinja')]
  const tokenizerConfig = config ? await json(config) : {}
  checkTokenizerConfig('tokenizer_config.json', tokenizerConfig)
  const text = template && new TextDecoder().decode(await template.read(0, template.sizeBytes))
  const source: TokenizerSource = { kind: 'hf', tokenizerJson: {}, tokenizerConfig, ...(text !== undefined && { chatTemplate: text }) }
  return chatTemplateOf(source) === undefined ? undefined : source
}

/** The adapter's templates if they are others than the model's. */
function otherTemplates({ file }: Pick<LoadedModel, 'file'>, adapter: Adapter | undefined): TokenizerSource | undefined {
  const templates = adapter?.templates
  const same = templates && file.tokenizer && chatTemplateOf(file.tokenizer) === chatTemplateOf(templates)
  return same ? undefined : templates
}

/** `model` with the adapter's chat template. Whoever asks for it closes its renderer if that is not the model's. */
export function withTemplate<M extends LoadedModel>(model: M, adapter: Adapter | undefined): M {
  const templates = otherTemplates(model, adapter)
  if (!templates || !model.tokenizer || model.renderer?.template === chatTemplateOf(templates)) return model
  // Special tokens that the folder does not name are those of the base.
  const { tokenizer: own } = model.file
  const named = templates.kind === 'hf' && Object.keys(templates.tokenizerConfig).length ? templates.tokenizerConfig : undefined
  const tokenizerConfig = named ?? (own?.kind === 'hf' ? own.tokenizerConfig : {})
  const renderer = rendererOf({ tokenizer: { ...templates, tokenizerConfig } as TokenizerSource }, model.tokenizer, model.makeRenderer)
  return { ...model, renderer }
}

/** Says that an adapter has a chat template of its own. `training`: rows are read in the base's. */
export function templateNotice(model: LoadedModel, adapter: Adapter, training: boolean): Phrase | undefined {
  if (!otherTemplates(model, adapter)) return undefined
  if (!training)
    return model.renderer
      ? say`The adapter's folder has another chat template than the base. It is asked in its own; a merged model keeps the base's.`
      : say`The base has no chat template. The adapter is asked in that of its own folder, which a merged model does not get.`
  return model.renderer
    ? say`The adapter's folder has another chat template than the base. Training uses the base's.`
    : say`The adapter's folder has a chat template and the base has none. Training does not use it.`
}
