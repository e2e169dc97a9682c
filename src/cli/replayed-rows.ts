// The rows of --data with some of --replay mixed in, in memory.
import { rowFields } from '../config/data-options'
import { FormatError } from '../config/errors'
import { say, sentence } from '../config/phrase'
import type { ReplayOfData } from '../config/recipe-of-data'
import { mixFiles, usualShare } from '../recipe/mixing'
import { type DataOfCommand, dataOfCommand, inMemory } from './cleaned-rows'
import { readHowOf } from './data-options'
import { dataSource } from './files'
import type { Options } from './options'
import { tell } from './tell'

interface DataOfRun extends DataOfCommand {
  replay?: ReplayOfData
}

/** @throws FormatError */
function shareOf(options: Options): number {
  const share = options.number('replay-share') ?? usualShare
  if (!(share > 0 && share <= 100))
    throw new FormatError(
      say`--replay-share: expected a number of old rows for each new one, above 0 and at most 100, got ${share}. Correct it.`,
    )
  return share
}

/** --data and --eval as `dataOfCommand` gives them, with rows of --replay among those for training. Held-out rows are held out before. */
export async function dataOfRun(options: Options, { holdOut = 0, seed }: { holdOut?: number; seed: number }): Promise<DataOfRun> {
  const given = await dataOfCommand(options)
  const path = options.text('replay')
  if (path === undefined) {
    if (options.number('replay-share') !== undefined) throw new FormatError(say`--replay-share needs --replay FILE. Give both, or neither.`)
    return given
  }
  const [old, share, oldEval] = [await dataSource(path), shareOf(options), options.text('eval-old')]
  const { name, train, evalName, evaluation, replay, notes } = await mixFiles({
    fresh: given.data,
    evaluation: given.evaluation,
    old,
    oldEvaluation: oldEval === undefined ? undefined : await dataSource(oldEval),
    share,
    holdOut,
    seed,
    how: given.jsonl ? undefined : readHowOf(options),
    skipBad: options.given(rowFields).skipBadLines === true,
  })
  tell(notes.map((note) => sentence(note)))
  return {
    recipe: given.recipe,
    data: inMemory(name, train),
    evaluation: evaluation && inMemory(evalName, evaluation),
    jsonl: true,
    replay,
  }
}
