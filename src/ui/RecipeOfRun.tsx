// How the data of a run were made, where a recipe made them.
import { steps } from '../recipe/registry'
import type { Run } from '../store/run'
import { forgettingNotice } from '../config/eval-record'
import { formatCount, formatValue } from './format'
import { useStudio } from './studio-context'
import { useSentence, useText } from './text/text'
import type { View } from './view'
import { makers } from '../config/recipe'

/** How the held-out rows of earlier data fared. */
export function OldEvalOfRun({ run: { oldEval } }: { run: Run }) {
  const text = useText()
  const inWords = useSentence()
  if (!oldEval) return null
  const { name, rows, before, after } = oldEval
  const notice = forgettingNotice(oldEval)
  const shown = [before, after].map((evaluation) => formatValue(evaluation?.evalLoss))
  return (
    <div className="stack-small" data-testid="old-eval">
      <p className="help">{text.data.older.measured(name, formatCount(rows, text), shown[0], shown[1])}</p>
      {notice && <p className="notice notice-warning">{inWords(notice)}</p>}
    </div>
  )
}

export function RecipeOfRun({ run, go }: { run: Run; go: (view: View) => void }) {
  const text = useText()
  const inWords = useSentence()
  const studio = useStudio()
  const t = text.workbench
  const { recipe, replay } = run.config
  const older = replay && <p className="help">{text.data.older.mixed(formatCount(replay.rows, text), replay.name)}</p>
  if (!recipe) return older ?? null
  // A run of another version may have steps that this one lacks.
  const labelOf = (name: string): string => inWords(steps.find((step) => step.name === name)?.label ?? name)
  const shares = makers.flatMap((maker) => {
    const count = recipe.makers[maker] ?? 0
    return count === 0 ? [] : [`${formatCount(count, text)} ${t.makers[maker]}`]
  })
  const open = (): void => {
    studio.workbench.takeRecipeOf(run)
    go('data')
  }
  return (
    <details data-testid="recipe-of-run">
      <summary>{t.recipeOf}</summary>
      <div className="stack-small">
        {older}
        <p className="help">
          {t.recipeFiles(text.listed(recipe.files.map(({ name }) => name)))} {shares.length > 0 && t.recipeRows(text.listed(shares))}
        </p>
        {recipe.licence && <p className="help">{t.licenceOf(recipe.licence)}</p>}
        <ol className="help">
          {recipe.steps.map(({ step }, i) => (
            <li key={i}>{t.stepName(String(i + 1), labelOf(step))}</li>
          ))}
        </ol>
        <div className="button-row">
          <button type="button" className="button-quiet" onClick={open}>
            {t.takeRecipe}
          </button>
        </div>
      </div>
    </details>
  )
}
