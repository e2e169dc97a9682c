// Makes the renderer of a model's chat templates, if it has one.
import type { ModelFile } from '../formats/model-file'
import { modelTemplates } from './model-templates'
import { type ChatJob, type TemplateRenderer, type TemplateTokens, directRenderer } from './template-renderer'
import { templateTokens } from './template-tokens'
import type { Tokenizer } from './tokenizer'

/** Chooses where a template runs. */
export type MakeRenderer = (template: string, tokens: TemplateTokens) => TemplateRenderer

/** Renders conversations with tools by `tools`, and the others by `plain`. */
function byTools(plain: TemplateRenderer, tools: TemplateRenderer): TemplateRenderer {
  const hasTools = (job: ChatJob): boolean => job.tools !== undefined
  return {
    template: plain.template,
    toolTemplate: tools.template,
    async render(jobs) {
      const [withTools, without] = [jobs.filter(hasTools), jobs.filter((job) => !hasTools(job))]
      const rendered = {
        tools: withTools.length ? await tools.render(withTools) : [],
        plain: without.length ? await plain.render(without) : [],
      }
      const next = { tools: 0, plain: 0 }
      return jobs.map((job) => (hasTools(job) ? rendered.tools[next.tools++]! : rendered.plain[next.plain++]!))
    },
    close() {
      plain.close()
      tools.close()
    },
  }
}

/** The renderer of the file's templates. By default they run in the caller's thread, within the budget. */
export function rendererOf(
  { tokenizer: source }: Pick<ModelFile, 'tokenizer'>,
  tokenizer: Tokenizer,
  make: MakeRenderer = directRenderer,
): TemplateRenderer | undefined {
  if (!source) return undefined
  const { plain, tools } = modelTemplates(source)
  if (plain === undefined) return undefined
  const tokens = templateTokens(source, tokenizer)
  return tools === undefined ? make(plain, tokens) : byTools(make(plain, tokens), make(tools, tokens))
}
