// Two LoRA adapters become one more: which, how much of each, and how.
import { useId, useState } from 'react'
import { combinations } from '../config/run-reports'
import { fitsModel } from '../store/base-fit'
import type { Run } from '../store/run'
import type { Combination } from '../worker/api'
import { NumberInput } from './NumberInput'
import { TaskState } from './TaskState'
import { useBusy, useModel, useRuns, useStudio } from './studio-context'
import { useText } from './text/text'

const mostWeight = 100

interface PartProps {
  label: string
  runs: readonly Run[]
  runId: string
  weight: number
  onRun: (runId: string) => void
  onWeight: (weight: number) => void
}

function Part({ label, runs, runId, weight, onRun, onWeight }: PartProps) {
  const text = useText()
  const id = useId()
  const t = text.adapters
  return (
    <div className="combine-part">
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <select id={id} value={runId} onChange={(e) => onRun(e.target.value)}>
          {runs.map((run) => (
            <option key={run.id} value={run.id}>
              {run.name}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <span className="label" aria-hidden="true">
          {t.weight}
        </span>
        <NumberInput
          value={weight}
          min={-mostWeight}
          max={mostWeight}
          step={0.1}
          strict
          aria-label={t.weightOf(label)}
          aria-invalid={!Number.isFinite(weight) || undefined}
          onValue={onWeight}
        />
      </div>
    </div>
  )
}

export function CombineForm() {
  const text = useText()
  const studio = useStudio()
  const model = useModel().report
  const typeId = useId()
  const [chosen, setChosen] = useState<[string?, string?]>([])
  const [weights, setWeights] = useState<[number, number]>([0.5, 0.5])
  const [type, setType] = useState<Combination>('cat')
  const busy = useBusy()
  // Low-rank updates of linear layers alone can be added up: the methods that can be written as GGUF too.
  const runs = useRuns().filter((r) => r.files && r.exports.includes('gguf') && fitsModel(r, model))
  if (runs.length < 2) return null
  const t = text.adapters
  const known = (id: string | undefined): id is string => runs.some((r) => r.id === id)
  const first = known(chosen[0]) ? chosen[0] : runs[0]!.id
  const second = known(chosen[1]) ? chosen[1] : runs[1]!.id
  const ready = first !== second && weights.every((w) => Number.isFinite(w) && Math.abs(w) <= mostWeight) && !busy
  return (
    <details className="card card-details" data-testid="combine">
      <summary>{t.combine}</summary>
      <div className="stack">
        <p className="help">{t.combineHelp}</p>
        <div className="combine-parts">
          <Part
            label={t.first}
            runs={runs}
            runId={first}
            weight={weights[0]}
            onRun={(id) => setChosen([id, second])}
            onWeight={(w) => setWeights([w, weights[1]])}
          />
          <Part
            label={t.second}
            runs={runs}
            runId={second}
            weight={weights[1]}
            onRun={(id) => setChosen([first, id])}
            onWeight={(w) => setWeights([weights[0], w])}
          />
          <div className="field">
            <label htmlFor={typeId}>{t.combineType}</label>
            <select id={typeId} data-testid="combine-type" value={type} onChange={(e) => setType(e.target.value as Combination)}>
              {combinations.map((c) => (
                <option key={c} value={c}>
                  {t.combineTypes[c]}
                </option>
              ))}
            </select>
          </div>
        </div>
        <div className="button-row">
          <button
            type="button"
            className="button"
            data-testid="combine-run"
            disabled={!ready}
            onClick={() =>
              void studio.combine(
                [
                  { runId: first, weight: weights[0] },
                  { runId: second, weight: weights[1] },
                ],
                type,
              )
            }
          >
            {t.combineRun}
          </button>
        </div>
        <TaskState of={(task) => task.kind === 'combining'} />
      </div>
    </details>
  )
}
