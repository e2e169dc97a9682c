// How a person changes a recipe. Each edit makes a new recipe.
import { type FieldValue, type Settings, defaults, fieldProblem } from '../config/field'
import type { Recipe, RecipeStep } from '../config/recipe'
import { type Label, labelsFrom } from '../recipe/labels'
import { type Rewrite, rewritesFrom } from '../recipe/rewrites'
import { stepNamed } from '../recipe/registry'
import { rowKeysFrom } from '../recipe/row-key'
import { dropPicked } from '../recipe/steps/drop-picked'
import { labels } from '../recipe/steps/labels'
import { rewrites } from '../recipe/steps/rewrites'

const withSteps = (recipe: Recipe, steps: readonly RecipeStep[]): Recipe => ({ ...recipe, steps })

export const withStep = (recipe: Recipe, name: string): Recipe => withSteps(recipe, [...recipe.steps, { step: name, settings: {} }])

export const withoutStep = (recipe: Recipe, at: number): Recipe =>
  withSteps(
    recipe,
    recipe.steps.filter((_, i) => i !== at),
  )

/** The step at place `at` goes to place `to`. */
export function withMoved(recipe: Recipe, at: number, to: number): Recipe {
  const steps = recipe.steps.toSpliced(at, 1)
  return withSteps(recipe, steps.toSpliced(to, 0, recipe.steps[at]))
}

/** A setting of the step at place `at`. Settings with their default are not part of a recipe. */
export function withSetting(recipe: Recipe, at: number, key: string, value: FieldValue): Recipe {
  const step = recipe.steps[at]
  const { fields } = stepNamed(step.step)
  const settings = Object.fromEntries(
    Object.entries({ ...step.settings, [key]: value }).filter(([name, given]) => fields.find((f) => f.key === name)?.default !== given),
  )
  return withSteps(recipe, recipe.steps.with(at, { ...step, settings }))
}

/** Answers for rows as they are after the last step. Later answers for the same row count. */
export function withLabels(recipe: Recipe, column: string, given: readonly Label[]): Recipe {
  const last = recipe.steps.at(-1)
  const continues = last?.step === labels.name && !last.digest && settingsOf(last).column === column
  const byRow = new Map([...(continues ? labelsFrom(last.data) : []), ...given].map((label) => [label.row, label]))
  const step = { step: labels.name, settings: { ...(column !== defaults(labels.fields).column && { column }) }, data: [...byRow.values()] }
  return withSteps(recipe, [...(continues ? recipe.steps.slice(0, -1) : recipe.steps), step])
}

/** Further rewrites of rows as they are after the last step. */
export function withRewrites(recipe: Recipe, given: readonly Rewrite[]): Recipe {
  const last = recipe.steps.at(-1)
  const continues = last?.step === rewrites.name && !last.digest
  const all = [...(continues ? rewritesFrom(last.data) : []), ...given]
  const byText = new Map(all.map((rewrite) => [`${rewrite.row} ${rewrite.prompt}`, rewrite]))
  const step = { step: rewrites.name, settings: {}, data: [...byText.values()] }
  return withSteps(recipe, [...(continues ? recipe.steps.slice(0, -1) : recipe.steps), step])
}

/** The keys of the rows that have rewrites. */
export const rewrittenRows = ({ steps }: Recipe): string[] =>
  steps.flatMap(({ step, data }) => (step === rewrites.name ? rewritesFrom(data).map(({ row }) => row) : []))

export function withLicence({ steps }: Recipe, licence: string): Recipe {
  return { steps, ...(licence !== '' && { licence }) }
}

/** Further rows that were picked to be dropped, after the last step. */
export function withPicked(recipe: Recipe, keys: readonly string[]): Recipe {
  const last = recipe.steps.at(-1)
  const continues = last?.step === dropPicked.name && !last.digest
  const all = new Set([...(continues ? rowKeysFrom(last.data) : []), ...keys])
  return withSteps(recipe, [
    ...(continues ? recipe.steps.slice(0, -1) : recipe.steps),
    { step: dropPicked.name, settings: {}, data: [...all] },
  ])
}

/** All settings of a step, those with their default too. */
export const settingsOf = ({ step, settings }: RecipeStep): Settings => ({ ...defaults(stepNamed(step).fields), ...settings })

/** Whether each setting can be used. */
export const isUsable = ({ steps }: Recipe): boolean =>
  steps.every((step) => stepNamed(step.step).fields.every((field) => fieldProblem(field, settingsOf(step)[field.key]) === undefined))
