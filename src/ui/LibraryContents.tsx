// The library in five lines: how many models, datasets, recipes, runs and adapters there are, how large they are, and where they are from.
import { useStore } from 'zustand'
import type { Kept } from '../storage/kept-found'
import { type Run, adapterBytes, isOver, isTrained } from '../store/run'
import { formatBytes, formatCount } from './format'
import { useKept, useStudio } from './studio-context'
import { useText } from './text/text'

const bytesOf = (copies: readonly Kept[]): number => copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** Runs whose data a recipe made, one for each recipe. */
function runsWithRecipes(runs: readonly Run[]): Run[] {
  const found = new Map<string, Run>()
  for (const run of runs) if (run.config.recipe) found.set(JSON.stringify(run.config.recipe.steps), run)
  return [...found.values()]
}

export function LibraryContents() {
  const text = useText()
  const t = text.library.contents
  const kept = useKept()
  const runs = useStore(useStudio().runs.store, (s) => s.runs).filter(isOver)
  const [models, data] = (['model', 'data'] as const).map((kind) => kept.filter((copy) => copy.kind === kind))
  const recipes = runsWithRecipes(runs)
  const trained = runs.filter((run) => isTrained(run) && run.status !== 'imported')
  const adapters = runs.filter(({ files }) => files)
  const own = adapters.filter((run) => trained.includes(run)).length
  const adapterSize = adapters.reduce((sum, run) => sum + (adapterBytes(run) ?? 0), 0)
  const counted = (count: number): string => formatCount(count, text)
  const rows: { name: string; count: number; size?: number; origin?: string }[] = [
    { name: t.models, count: models.length, size: bytesOf(models), origin: t.kept },
    { name: t.data, count: data.length, size: bytesOf(data), origin: t.kept },
    { name: t.recipes, count: recipes.length, origin: t.ofRuns(text.listed(recipes.map(({ name }) => name))) },
    { name: t.runs, count: runs.length, origin: t.trained(counted(trained.length), counted(runs.length - trained.length)) },
    { name: t.adapters, count: adapters.length, size: adapterSize, origin: t.trained(counted(own), counted(adapters.length - own)) },
  ]
  return (
    <section className="card" aria-labelledby="contents-title" data-testid="library-contents">
      <h2 id="contents-title">{t.title}</h2>
      <div className="table-scroll" tabIndex={0} role="group" aria-labelledby="contents-title">
        <table className="table table-words library-contents">
          <thead>
            <tr>
              <th scope="col">{t.what}</th>
              <th scope="col" className="number">
                {t.count}
              </th>
              <th scope="col" className="number">
                {t.size}
              </th>
              <th scope="col">{t.origin}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, count, size, origin }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{counted(count)}</td>
                <td className="number">{size ? formatBytes(size) : t.none}</td>
                <td>{count > 0 && origin ? origin : t.none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
