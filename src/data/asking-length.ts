// How many tokens the words around the prompts add to a row, so that people see what they cost.
import { type WantedAsking, wantedAsking } from '../config/asking-fields'
import type { DataOptions } from '../config/data-options'
import { type Phrase, joined, say } from '../config/phrase'
import { type EncodedExample, type Encoder, encodeSamples } from './encode-sample'
import { askedForm, promptForm } from './row-asking'
import { RowProblem } from './row-values'
import type { Sample } from './sample'

const unchanged = wantedAsking({})

/** What makes the rows differ from rows without any settings. */
function causes({ form, asked, renderer }: Encoder, { promptTemplate, separator }: WantedAsking): Phrase[] {
  if (asked === undefined || asked === 'text') return []
  return [
    ...(form.taskDescription ? [say`task description`] : []),
    ...(form.systemWords ? [say`system words`] : []),
    ...(promptTemplate !== undefined ? [say`prompt template`] : []),
    ...(separator !== undefined && asked === 'pair' ? [say`separator`] : []),
    ...(renderer && asked !== 'template' && promptTemplate === undefined ? [say`no chat template`] : []),
  ]
}

/** A note that compares `examples`, which `encoder` made of `samples`, with the same rows without settings; none if there are no settings. */
export async function lengthNotes(
  samples: readonly Sample[],
  examples: readonly (EncodedExample | RowProblem)[],
  encoder: Encoder,
  format: DataOptions['format'],
  wanted: WantedAsking,
): Promise<Phrase[]> {
  const names = causes(encoder, wanted)
  if (!names.length) return []
  const form = promptForm(samples, unchanged, undefined, encoder.tokenizer)
  const asked = askedForm(format, unchanged, encoder.renderer !== undefined)
  const plain = await encodeSamples(samples, { ...encoder, form, asked })
  const added = examples.flatMap((example, i) => {
    const other = plain[i]
    return example instanceof RowProblem || other instanceof RowProblem ? [] : [example.ids.length - other.ids.length]
  })
  if (!added.length) return []
  const [least, most] = [Math.min(...added), Math.max(...added)]
  const settings = joined(names)
  return [
    least === most
      ? say`Tokens that the way of asking adds to each row (${settings}): ${least}.`
      : say`Tokens that the way of asking adds to each row (${settings}): ${least} to ${most}.`,
  ]
}
