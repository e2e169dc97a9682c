// What a run needs, from its configuration and what the engine holds.
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { withoutData } from '../config/recipe-of-data'
import { type RunConfig, type TrainingSettings, parseRunConfig } from '../config/run-config'
import type { LoadedModel } from '../peft/loaded-model'
import { tokensOf } from '../peft/new-tokens'
import { methodNamed } from '../peft/registry'
import type { RunRequest } from '../train/run-request'
import type { HeldAdapters } from './held-adapters'
import type { RunRows } from '../data/run-rows'

/** The rows of a run, as a tokenizer with these further tokens reads them. */
interface RowsOfRun {
  rowsFor(tokens: readonly string[], maxLength: number, training?: TrainingSettings): Promise<RunRows>
}

/** @throws FormatError, UnsupportedError */
export async function requestOf(config: RunConfig, model: LoadedModel, data: RowsOfRun, adapters: HeldAdapters): Promise<RunRequest> {
  const checked = parseRunConfig(config, (name) => methodNamed(name).fields)
  const method = methodNamed(checked.method)
  const from = checked.from === undefined ? undefined : adapters.need(checked.from).adapter
  if (from && from.method !== method)
    throw new UnsupportedError(
      say`The adapter was trained with ${from.method.label}, so it cannot be trained further with ${method.label}. Choose ${from.method.label}.`,
    )
  return {
    model,
    method,
    settings: checked.methodSettings,
    training: checked.training,
    rows: await data.rowsFor(tokensOf({ method, settings: checked.methodSettings }), checked.training.maxLength, checked.training),
    // The record of an older run may hold the data of its recipe.
    recipe: checked.recipe && (await withoutData(checked.recipe)),
    replay: checked.replay,
    initial: from?.tensors,
  }
}
