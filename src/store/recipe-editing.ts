// What a person does to the recipe of the workbench.
import type { FieldValue } from '../config/field'
import type { Recipe } from '../config/recipe'
import { withLicence, withMoved, withPicked, withSetting, withStep, withoutStep } from './recipe-edits'

/** `edit` changes the recipe; further edits with the same `about` are undone together. */
export function createRecipeEditing(edit: (change: (recipe: Recipe) => Recipe, about?: string) => void) {
  return {
    addStep: (name: string): void => edit((recipe) => withStep(recipe, name)),
    removeStep: (at: number): void => edit((recipe) => withoutStep(recipe, at)),
    moveStep: (at: number, to: number): void => edit((recipe) => withMoved(recipe, at, to)),
    setSetting: (at: number, key: string, value: FieldValue): void => edit((recipe) => withSetting(recipe, at, key, value), `${at} ${key}`),
    /** What a person decided row by row. */
    addDecided: (withDecided: (recipe: Recipe) => Recipe): void => edit(withDecided),
    setLicence: (licence: string): void => edit((recipe) => withLicence(recipe, licence), 'licence'),
    addPicked: (keys: readonly string[]): void => edit((recipe) => withPicked(recipe, keys)),
  }
}
