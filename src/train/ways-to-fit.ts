// What a person can change so that a run fits that does not fit by itself (fit-run.ts). Each of these ways changes the result, or a choice
// that the person made. Each is planned with everything that keeps the result, so it says the least that the run takes then.
import { say } from '../config/phrase'
import type { BaseFormat, TrainingSettings } from '../config/run-config'
import type { WayToFit } from '../config/run-reports'
import { lengthBuckets } from '../data/plan-batches'
import { type Settings, defaults } from '../config/field'
import { planModel } from '../peft/loaded-model'
import type { Method } from '../peft/method'
import { methods } from '../peft/registry'
import { TabTuneError } from '../config/errors'
import { type Planner, fitRequest, sufficientBytes } from './fit-run'
import { budgetOf } from './run'
import type { RunRequest } from './run-request'

/** A change of a run, before it is known whether the run fits with it. */
type Idea = Omit<WayToFit, 'bytes'> & { request: RunRequest }

function withTraining(request: RunRequest, training: Partial<TrainingSettings>, words: Pick<WayToFit, 'words' | 'price'>): Idea {
  return { ...words, change: { training }, request: { ...request, training: { ...request.training, ...training } } }
}

function optimizers(request: RunRequest): Idea[] {
  const { optimizer, optimizerMemory } = request.training
  const paged = withTraining(
    request,
    { optimizerMemory: 'auto' },
    { words: say`The optimizer’s states in main memory`, price: say`The result is the same. Copies take some time in each step.` },
  )
  const small = withTraining(
    request,
    { optimizer: 'adamw-8bit' },
    { words: say`AdamW with 8-bit states`, price: say`It learns equally well, but the result is not bit for bit the same.` },
  )
  return [...(optimizerMemory === 'gpu' ? [paged] : []), ...(optimizer === 'adamw' ? [small] : [])]
}

/** Shorter lengths, longest first. */
function lengths(request: RunRequest): Idea[] {
  const { rows, training } = request
  const own = rows.dataset.lengths(rows.train, training.maxLength)
  const longest = own.reduce((most, length) => Math.max(most, length), 0)
  return lengthBuckets(training.maxLength)
    .filter((length) => length < longest)
    .reverse()
    .map((maxLength) => {
      const cut = own.reduce((count, length) => count + Number(length > maxLength), 0)
      return withTraining(
        request,
        { maxLength },
        { words: say`A maximum length of ${maxLength} tokens`, price: say`${cut} of ${own.length} rows are cut.` },
      )
    })
}

function withBase(request: RunRequest, base: BaseFormat, planner: Planner): Idea[] {
  const { method, model } = request
  if (model.plan.base.startsWith('nf4') || (method.bases.length && !method.bases.includes(base))) return []
  return [
    {
      words: say`The base in 4 bits (NF4)`,
      price: say`Its weights are rounded, so answers become a little worse. The model is loaded again.`,
      change: { base },
      request: { ...request, model: planModel(model.file, base, planner.profile.maxBindingBytes) },
    },
  ]
}

/** The modules that LoRA's first paper adapted, by the names that they have in one kind of model or another. */
const fewModules = [['q_proj', 'v_proj'], ['c_attn']]

function fewerTargets(request: RunRequest): Idea[] {
  const { method, settings, model } = request
  const field = method.fields.find(({ key, default: start }) => key === 'targetModules' && start === 'all-linear')
  const sites = [...model.base.sites.keys()]
  const few = fewModules.find((names) => names.every((name) => sites.some((site) => site.endsWith(`.${name}`))))
  if (!field || !few || settings.targetModules !== 'all-linear') return []
  const changed: Settings = { ...settings, targetModules: few.join(', ') }
  return [
    {
      words: say`Updates only beside ${few.join(' and ')}`,
      price: say`Fewer layers learn, so the result may be a little worse.`,
      change: { methodSettings: { targetModules: few.join(', ') } },
      request: { ...request, settings: changed },
    },
  ]
}

/** Methods that need little memory, the one that learns most first. */
const smallMethods = ['lora', 'bitfit', 'ia3', 'prompt-tuning']

function otherMethods(request: RunRequest, rateOf: (method: Method) => Partial<TrainingSettings>): Idea[] {
  const found = smallMethods.flatMap((name) => methods.find((method) => method.name === name && method !== request.method) ?? [])
  return found
    .filter((method) => !method.unavailable?.(request.model.base))
    .map((method) => ({
      words: say`The method ${method.label}`,
      price: say`It trains fewer weights. What it can learn differs.`,
      change: { method: method.name },
      request: {
        ...request,
        method,
        settings: defaults(method.fields),
        training: { ...request.training, ...rateOf(method) },
        initial: undefined,
      },
    }))
}

/** A larger budget, where the device has room for it. */
async function budgets(planner: Planner, request: RunRequest, leastBytes: number): Promise<WayToFit[]> {
  const budget = budgetOf(request.training)
  if (budget === undefined || budget >= leastBytes) return []
  const memoryBudget = Math.ceil(leastBytes / 2 ** 20)
  const larger = { ...request, training: { ...request.training, memoryBudget } }
  const { memory } = await fitRequest(planner, larger)
  if (memory.problem) return []
  const price = say`The result is the same. The run takes more than you allowed.`
  return [{ words: say`A memory budget of ${memoryBudget} MiB`, price, change: { training: { memoryBudget } }, bytes: memory.totalBytes }]
}

/** Share of the memory that a device refused which it may still give. */
const lessOfRefused = 3 / 4

/** A budget that a device may give that did not give the whole run. */
function smallerBudget(request: RunRequest, bytes: number): Idea[] {
  const memoryBudget = Math.floor(bytes / 2 ** 20)
  const price = say`The result is the same. Steps take more time.`
  return memoryBudget > 0 ? [withTraining(request, { memoryBudget }, { words: say`A memory budget of ${memoryBudget} MiB`, price })] : []
}

/**
 * The changes of a run that does not fit that would each make it fit; none if it fits, or if nothing that is known here helps. A run that
 * continues from an adapter keeps its method and base. `refused`: the device did not give the memory, though the run seems to fit; the ways
 * then take less. @throws what planning throws
 */
export async function waysToFit(planner: Planner, request: RunRequest, refused = false): Promise<WayToFit[]> {
  const { memory } = await fitRequest(planner, request)
  const limit = memory.roomBytes ?? (refused && !memory.problem ? Math.floor(memory.totalBytes * lessOfRefused) : undefined)
  if (limit === undefined) return []
  const free = request.initial === undefined
  const bytesOf = async (idea: Idea): Promise<number | undefined> => {
    try {
      const bytes = await sufficientBytes(planner.profile, idea.request)
      return bytes <= limit ? bytes : undefined
    } catch (error) {
      // A method that cannot run on this model is no way.
      if (error instanceof TabTuneError) return undefined
      throw error
    }
  }
  const ways: WayToFit[] = memory.problem ? await budgets(planner, request, memory.totalBytes) : []
  const add = async (ideas: readonly Idea[], most = ideas.length): Promise<void> => {
    let found = 0
    for (const idea of ideas) {
      if (found === most) return
      const bytes = await bytesOf(idea)
      if (bytes === undefined) continue
      found++
      const { words, price, change } = idea
      ways.push({ words, price, change, bytes })
    }
  }
  if (!memory.problem) await add(smallerBudget(request, limit))
  await add(optimizers(request))
  await add(lengths(request), 1)
  if (free) {
    await add(withBase(request, 'nf4', planner))
    await add(fewerTargets(request))
    await add(
      otherMethods(request, ({ training }) => training),
      2,
    )
  }
  return ways
}
