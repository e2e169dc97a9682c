// Texts that a model compares pictures with, as one buffer that is written once: they are the same for all batches of a run.
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { ModelConfig, TextConfig } from '../formats/model-file'
import type { Gpu } from '../gpu/gpu'
import type { Hooks, TextTensors, Texts } from '../models/hooks'
import { type Slot, type Tensor, align, slotTensor } from '../tensor/tensor'

export interface TextInputs {
  slot: Slot
  tensors: TextTensors
  /** Fills the buffer; the slot must be allocated. */
  write(gpu: Gpu): void
}

/** The place of a text's features: its first end, or its highest id in older files. */
function endOf(ids: readonly number[], { eos, highestEnds }: TextConfig): number {
  return ids.indexOf(highestEnds ? Math.max(...ids) : eos)
}

/** @throws FormatError for a text that is too long for the model, or that has no end */
function checkTexts(rows: Texts['rows'], text: TextConfig): void {
  for (const [at, ids] of rows.entries()) {
    if (ids.length > text.context)
      throw new FormatError(
        say`texts: expected at most ${text.context} tokens, as the model reads, got ${ids.length} for class ${at + 1}. Shorten its name, the template or the context.`,
      )
    if (endOf(ids, text) < 0 || ids.some((id) => id >= text.vocab))
      throw new FormatError(
        say`texts: expected token ids below ${text.vocab} with the end ${text.eos}, got others for class ${at + 1}. Correct the ids of the classes.`,
      )
  }
}

/** The texts of a method, or of the classes; undefined if nothing is compared with texts. @throws FormatError without classes */
function textsOf({ text, family }: Pick<ModelConfig, 'text' | 'family'>, hooks: Pick<Hooks, 'texts'>): Texts | undefined {
  if (!text || hooks.texts === false) return undefined
  if (hooks.texts) return hooks.texts
  if (!text.classes)
    throw new FormatError(
      say`classes: expected the names of the classes for a model of the ${family} family, got none. Give --classes FILE.`,
    )
  const { rows, templates } = text.classes
  return { rows, templates: templates.length }
}

/** The texts for batches of `pictures`, or only for one of them if `pictures` is 1. @throws FormatError for texts that the model cannot read */
export function textInputs(
  config: Pick<ModelConfig, 'text' | 'family'>,
  hooks: Pick<Hooks, 'texts'>,
  pictures: number,
): TextInputs | undefined {
  const texts = textsOf(config, hooks)
  if (!texts) return undefined
  const text = config.text!
  checkTexts(texts.rows, text)
  const copies = texts.own ? pictures : 1
  const length = Math.max(...texts.rows.map((ids) => ids.length))
  const all = Array.from({ length: copies }, () => texts.rows).flat()
  const [count, positions] = [all.length, all.length * length]
  const place = new Uint32Array(positions).fill(0xffffffff)
  const ends = Uint32Array.from(all, (ids, n) => n * length + endOf(ids, text))
  ends.forEach((at, n) => (place[at] = n))
  const places = texts.places?.(length, copies) ?? []
  const parts: { name: string; shape: number[]; values: Uint32Array<ArrayBuffer> }[] = [
    // A token sees nothing behind itself, so it does not matter what fills a row.
    {
      name: 'text ids',
      shape: [positions],
      values: Uint32Array.from({ length: positions }, (_, i) => all[Math.floor(i / length)][i % length] ?? text.eos),
    },
    {
      name: 'text ranges',
      shape: [positions, 2],
      values: Uint32Array.from({ length: 2 * positions }, (_, i) => (i % 2 ? ((i >> 1) % length) + 1 : 0)),
    },
    { name: 'text ends', shape: [count], values: ends },
    { name: 'text places', shape: [positions], values: place },
    ...places.map((rows, i) => ({ name: `places ${i}`, shape: [rows.length, rows[0].length], values: Uint32Array.from(rows.flat()) })),
  ]
  let sizeBytes = 0
  const offsets = parts.map(({ values }) => {
    const offset = sizeBytes
    sizeBytes += align(values.byteLength)
    return offset
  })
  const slot: Slot = { label: 'texts', purpose: 'inputs', sizeBytes }
  const [ids, ranges, endsAt, placeAt, ...others] = parts.map(({ name, shape }, i): Tensor =>
    slotTensor(slot, shape, 'u32', offsets[i], name),
  )
  return {
    slot,
    tensors: {
      ids,
      ranges,
      ends: endsAt,
      place: placeAt,
      places: others,
      count,
      length,
      templates: texts.templates,
      own: texts.own ?? false,
    },
    write(gpu) {
      parts.forEach(({ values }, i) => gpu.device.queue.writeBuffer(slot.buffer!, offsets[i], values))
    },
  }
}
