// What tells models apart, whatever they are called and however their files are kept.
import { FormatError } from './errors'
import { type Phrase, say } from './phrase'

export interface Identity {
  /** SHA-256 over every weight that the model uses: names, shapes, formats and bytes, and the numbers of its configuration. In hexadecimal. */
  fingerprint: string
  /** SHA-256 over the shape of the model and the values of its norms and biases. Copies of a model in other formats have the same. */
  lineage: string
}

/** The base that an adapter was trained on, as its own file names it. */
export interface TrainedOn extends Identity {
  name: string
}

/**
 * `same`: the same weights, byte for byte. `copy`: other bytes but the same norms and biases, so the same model in another format or
 * precision, or one that was trained without changing them. `other`: another model.
 */
type Likeness = 'same' | 'copy' | 'other'

/** The identity in a record that has more, where it is known. */
export const identityIn = ({ fingerprint, lineage }: Partial<Identity>): Partial<Identity> => ({ fingerprint, lineage })

/** How alike two models are; undefined if one of them is not known (it was kept by an older version). */
export function likeness(a: Partial<Identity> | undefined, b: Partial<Identity> | undefined): Likeness | undefined {
  if (!a?.fingerprint || !b?.fingerprint) return undefined
  if (a.fingerprint === b.fingerprint) return 'same'
  return a.lineage !== undefined && a.lineage === b.lineage ? 'copy' : 'other'
}

/** The beginning of a fingerprint, as people compare it. */
const short = ({ fingerprint = '' }: Partial<Identity>): string => fingerprint.slice(0, 16)

/** What a person should know about an adapter on a model; undefined if it was trained on that model, or if this is not known. */
export function baseNotice(trainedOn: TrainedOn | undefined, model: Partial<Identity> & { name: string }): Phrase | undefined {
  const found = likeness(trainedOn, model)
  if (trainedOn === undefined || found === undefined || found === 'same') return undefined
  return found === 'copy'
    ? say`The adapter was trained on ${trainedOn.name}. The loaded ${model.name} appears to be the same model in another format or precision, so answers may differ slightly.`
    : say`The adapter was trained on ${trainedOn.name} (fingerprint ${short(trainedOn)}). The loaded ${model.name} has other weights (fingerprint ${short(model)}), so answers will probably be wrong. Load the model that it was trained on.`
}

/** The error for an adapter that does not fit a model, if it was trained on another one; undefined if it was not, or if this is not known. */
export function otherBase(trainedOn: TrainedOn | undefined, model: Partial<Identity> & { name: string }): FormatError | undefined {
  if (trainedOn === undefined || likeness(trainedOn, model) !== 'other') return undefined
  return new FormatError(
    say`adapter: expected the model ${trainedOn.name} (fingerprint ${short(trainedOn)}) that it was trained on, got ${model.name} (fingerprint ${short(model)}), which it does not fit. Load the model that it was trained on.`,
  )
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** The base of an adapter, from its own file; undefined if the file does not say. @throws FormatError */
export function parseTrainedOn(where: string, value: unknown): TrainedOn | undefined {
  if (value === undefined) return undefined
  const { name, fingerprint, lineage } = (value ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || !isHash(fingerprint) || !isHash(lineage))
    throw new FormatError(
      say`${where}, base: expected a name and two hashes of 64 hexadecimal digits, got ${JSON.stringify(value).slice(0, 100)}. Take "base" out of the file.`,
    )
  return { name: name.slice(0, 200), fingerprint, lineage }
}

/** The base that several adapters have in common, if all of them name the same one. */
export function commonBase(all: readonly (TrainedOn | undefined)[]): TrainedOn | undefined {
  const [first] = all
  return all.every((base) => likeness(first, base) === 'same') ? first : undefined
}
