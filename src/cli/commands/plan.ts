// tabtune plan: what runs take in memory and on disk, from a model's headers or from its config.json alone. It needs no GPU.
import { basename, dirname, resolve } from 'node:path'
import { bytesFromText, bytesText } from '../../config/bytes'
import { FormatError, TabTuneError, messageOf } from '../../config/errors'
import { say, sentence } from '../../config/phrase'
import type { ModelFile } from '../../formats/model-file'
import { modelOfConfig } from '../../models/model-of-config'
import { planModel } from '../../peft/loaded-model'
import type { Method } from '../../peft/method'
import { type PlanLimits, planLimits } from '../../train/plan-limits'
import { type MemoryPlan, planMemory } from '../../train/plan-memory'
import { chosenMethods, ownPairs, refuseStrange } from '../chosen-methods'
import { sourcesAt } from '../files'
import { floatTypeOf } from '../float-type'
import { openModelFile } from '../open'
import { openPictureFile, refuseText, seesPictures } from '../picture-rows'
import type { Options } from '../options'
import { ownMethodSettings } from '../preset'
import { roomOf, trainingSettings } from '../training-options'
import { methodSettings } from './train'

async function modelOf(options: Options): Promise<ModelFile> {
  const config = options.text('config')
  if (config === undefined) {
    if (!(await seesPictures(options))) return openModelFile(options)
    refuseText(options, ['methods', 'dtype', 'beside', 'json'])
    return openPictureFile(options)
  }
  if (options.text('model') !== undefined) throw new FormatError(say`tabtune plan: expected --model or --config, got both. Leave one out.`)
  const [source, ...others] = await sourcesAt(config)
  if (!source || others.length)
    throw new FormatError(say`--config: expected a file config.json, got a folder. Name the file, or the folder with --model.`)
  return modelOfConfig({ ...source, name: `${basename(dirname(resolve(config)))}/${source.name}` }, { pictures: true })
}

type Planned = MemoryPlan & { limits?: PlanLimits }

async function planned(options: Options, file: ModelFile, method: Method): Promise<Planned> {
  const model = planModel(file, options.base(method.bases[0] ?? 'native'), 2 ** 31)
  const beside = options.text('beside')
  const wanted = {
    model,
    method,
    settings: methodSettings(method, ownPairs(options, method), undefined, ownMethodSettings(options, method, file)),
    training: trainingSettings(method, options, roomOf(model)),
    dtype: floatTypeOf(options, undefined),
    besideBytes: beside === undefined ? undefined : bytesFromText('--beside', beside),
  }
  return { ...(await planMemory(wanted)), limits: await planLimits(wanted) }
}

/** The purposes in the order in which the plans list them. */
const purposesOf = (plans: readonly MemoryPlan[]): string[] => [
  ...new Set(plans.flatMap(({ parts }) => parts.map(({ purpose }) => purpose))),
]

const limitText = (most: number, unit: string): string => (most ? `${most} ${unit}` : 'none')

/** The rows of the table; a row of which all cells are empty is left out. */
function markdown(plans: readonly Planned[], beside: string | undefined): string {
  const rows: [string, (plan: Planned) => string][] = [
    ['Base precision', ({ base }) => base],
    [
      'Trainable',
      ({ trainableParameters: n, totalParameters: all }) => `${n.toLocaleString('en')} (${((n / all) * 100).toPrecision(3)} %)`,
    ],
    ...purposesOf(plans).map((purpose): [string, (plan: Planned) => string] => [
      `Memory: ${purpose}`,
      ({ parts }) => bytesText(parts.find((part) => part.purpose === purpose)?.bytes ?? 0),
    ]),
    ['Memory: all', ({ totalBytes }) => bytesText(totalBytes)],
    ['Main memory', ({ hostBytes }) => (hostBytes ? bytesText(hostBytes) : '')],
    ['File of the result', ({ fileBytes }) => bytesText(fileBytes)],
    ['Snapshot to resume from', ({ snapshotBytes }) => bytesText(snapshotBytes)],
    ['Largest batch in the budget', ({ limits }) => (limits ? limitText(limits.rows, 'rows') : '')],
    ['Longest rows in the budget', ({ limits }) => (limits?.length === undefined ? '' : limitText(limits.length, 'tokens'))],
    [
      `In ${beside} beside one base`,
      ({ beside: count, whole }) => (count === undefined ? '' : whole ? `${count} whole models` : `${count} adapters`),
    ],
  ]
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const head = ['', ...plans.map(({ method }) => method)]
  const body = rows.map(([name, cell]) => [name, ...plans.map(cell)]).filter(([, ...cells]) => cells.some(Boolean))
  const problems = plans.flatMap(({ method, problem }) => (problem ? [`- ${method}: ${sentence(problem)}\n`] : []))
  return (
    line(head) +
    line(head.map((_, i) => (i ? '---:' : '---'))) +
    body.map(line).join('') +
    (problems.length ? '\n' : '') +
    problems.join('')
  )
}

/** A method that cannot be planned is listed with its reason, unless it is the only one. */
export async function plan(options: Options): Promise<void> {
  const chosen = chosenMethods(options)
  refuseStrange(options, chosen)
  const file = await modelOf(options)
  const plans: Planned[] = []
  for (const method of chosen)
    try {
      plans.push(await planned(options, file, method))
    } catch (error) {
      if (chosen.length === 1 || !(error instanceof TabTuneError)) throw error
      process.stderr.write(`${method.name}: ${messageOf(error)}\n`)
    }
  process.stdout.write(options.flag('json') ? `${JSON.stringify(plans)}\n` : markdown(plans, options.text('beside')))
}
