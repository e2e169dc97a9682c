// The recipe: its steps in order, a menu of further ones, undo and redo, and the recipe as a file.
import { steps } from '../recipe/registry'
import { FileButton } from './FileButton'
import { RecipeStepItem } from './RecipeStepItem'
import { saveFile } from './save-file'
import { useStudio, useWorkbench } from './studio-context'
import { useSentence, useText } from './text/text'

const groups = [...new Set(steps.map(({ group }) => group))]

function AddStep() {
  const t = useText().workbench
  const inWords = useSentence()
  const { workbench } = useStudio()
  return (
    <div className="field">
      <label htmlFor="add-step">{t.addStep}</label>
      <select id="add-step" value="" onChange={(e) => e.target.value && workbench.addStep(e.target.value)}>
        <option value="">{t.addStepChoose}</option>
        {groups.map((group) => (
          <optgroup key={group} label={inWords(group)}>
            {steps
              .filter((step) => step.group === group)
              .map(({ name, label, help }) => (
                <option key={name} value={name} title={inWords(help)}>
                  {inWords(label)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}

export function RecipeCard() {
  const t = useText().workbench
  const { workbench } = useStudio()
  const { recipe } = useWorkbench()
  const saveRecipe = (): void => {
    const file = workbench.recipeFile()
    saveFile(file.name, file)
  }
  return (
    <section className="card" aria-label={t.recipe}>
      <header className="card-head">
        <h2 className="card-title">{t.recipe}</h2>
        <button type="button" className="button-quiet" disabled={recipe.past.length === 0} onClick={workbench.undo}>
          {t.undo}
        </button>
        <button type="button" className="button-quiet" disabled={recipe.future.length === 0} onClick={workbench.redo}>
          {t.redo}
        </button>
      </header>
      {recipe.now.steps.length === 0 && <p className="muted">{t.noSteps}</p>}
      <ol className="stack-small">
        {recipe.now.steps.map((step, at) => (
          <RecipeStepItem key={`${at} ${step.step}`} step={step} at={at} last={at === recipe.now.steps.length - 1} />
        ))}
      </ol>
      <AddStep />
      <div className="button-row button-row-flush">
        <button type="button" className="button-quiet" disabled={recipe.now.steps.length === 0} onClick={saveRecipe}>
          {t.downloadRecipe}
        </button>
        <FileButton
          label={t.recipeInput}
          testId="recipe-input"
          className="button-quiet"
          accept=".json"
          onFiles={([file]) => void workbench.openRecipe(file)}
        >
          {t.openRecipe}
        </FileButton>
      </div>
    </section>
  )
}
