// What the page and the command line show about a model.
import { askedOf } from '../config/asking'
import type { ModelReport } from '../config/model-report'
import type { ModelFile } from '../formats/model-file'
import { weightFormat } from '../formats/quant/registry'
import { chatTemplateOf, templatesNote } from '../tokenizer/model-templates'
import type { LoadedModel } from './loaded-model'

function formatTable(file: ModelFile): ModelReport['formats'] {
  const table = new Map<string, { format: string; tensors: number; bytes: number }>()
  for (const t of file.tensors.values()) {
    const label = t.stored ?? weightFormat(t.format).label
    const row = table.get(label) ?? { format: label, tensors: 0, bytes: 0 }
    table.set(label, { ...row, tensors: row.tensors + 1, bytes: row.bytes + t.sizeBytes })
  }
  return [...table.values()].sort((a, b) => b.bytes - a.bytes)
}

/** The report of a model with the base precision of its plan. */
export function modelReport({ file, plan, tokenizer, identity }: LoadedModel, id: string): ModelReport {
  const c = file.config
  const chatTemplate = file.tokenizer && chatTemplateOf(file.tokenizer)
  return {
    id,
    name: file.name,
    ...identity,
    container: file.container,
    family: c.family,
    parameters: plan.parameters,
    layers: c.layers,
    hidden: c.hidden,
    heads: c.heads,
    kvHeads: c.kvHeads,
    vocab: c.vocab,
    context: c.context,
    tied: c.tied,
    licence: file.licence,
    formats: formatTable(file),
    quantised: file.quantised,
    leftOut: file.leftOut,
    unusedTemplates: templatesNote(file.tokenizer),
    base: plan.base,
    gpuBytes: plan.sizeBytes,
    fileBytes: file.sizeBytes,
    tokenizer: tokenizer?.kind ?? 'none',
    chatTemplate,
    asked: askedOf(file.asking) ?? { form: chatTemplate ? 'template' : 'raw' },
    ...(c.vision && { pictures: { width: c.vision.width, height: c.vision.height, classes: c.vision.classes } }),
    linearModules: [...new Set(plan.family.linears.map((m) => m.split('.').pop()!))],
  }
}
