// Reads the adapter in a snapshot: the best one of a run, or the last one of a run that was interrupted.
import { parseAsking } from '../config/asking'
import { FormatError } from '../config/errors'
import { parseSettings } from '../config/field'
import { say } from '../config/phrase'
import type { Profile } from '../gpu/profile'
import type { LoadedModel } from '../peft/loaded-model'
import type { Adapter, NamedTensor } from '../peft/method'
import { methodNamed } from '../peft/registry'
import type { Snapshot } from '../storage/snapshot'
import { count } from '../tensor/tensor'
import { setUpMethod } from './run'
import { readBytes } from './run-snapshot'
import { type Start, parseAbout } from './snapshot-about'

/** Tensors to start from whose values are never read, since a snapshot has them. Their names decide which parameters there are. */
export function unread(start: Start): Adapter['tensors'] {
  return new Map(start.map(({ name, shape }) => [name, { shape, values: new Float32Array(count(shape)) }]))
}

/** The adapter in a snapshot, and the step after which it was taken. @throws FormatError if another model was trained */
export async function keptAdapter(profile: Profile, model: LoadedModel, snapshot: Snapshot): Promise<{ adapter: Adapter; step: number }> {
  const { origin, state, tensors: placed } = parseAbout(snapshot.about)
  const found = model.identity?.fingerprint ?? 'unknown'
  if (origin.model.fingerprint !== found)
    throw new FormatError(
      say`snapshot: expected the model ${origin.model.name} that the run trained, got ${model.file.name} with other weights. Load the model that the run was started with.`,
    )
  const method = methodNamed(origin.method)
  const settings = parseSettings(method.name, method.fields, origin.settings)
  const initial = origin.start && unread(origin.start)
  const { hooks } = await setUpMethod(profile, model, method, settings, { initial })
  const tensors = new Map<string, NamedTensor>()
  for (const { name, shape, part, at } of placed) {
    const { buffer } = await readBytes(snapshot, part, at, count(shape) * 4)
    tensors.set(name, { shape, values: new Float32Array(buffer) })
  }
  const trained = hooks.finished?.(tensors) ?? { settings, tensors }
  return { adapter: { method, ...trained, asking: parseAsking('snapshot', origin.asking) }, step: state.step }
}
