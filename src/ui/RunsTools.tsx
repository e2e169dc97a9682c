// Above the table of runs: searching, stars, groups, and the run that the others are compared with.
import { useId } from 'react'
import { useStore } from 'zustand'
import { type RunGroup, runGroups } from '../store/runs-view'
import type { Run } from '../store/run'
import { formatCount, formatDate } from './format'
import { useStudio } from './studio-context'
import { inWords, useText } from './text/text'

/** Gives the head of a group of runs that share something. */
export function useGroupName(): (group: RunGroup, shared: string, runs: readonly Run[]) => string {
  const text = useText()
  const t = text.runs
  return (group, shared, runs) => {
    const [first] = runs
    const name = {
      none: '',
      method: inWords(first.methodLabel, text),
      model: shared,
      data: shared,
      status: text.status[first.status],
      tags: shared && text.listed(first.tags ?? []),
      comparison: shared && formatDate(Math.min(...runs.map(({ createdAt }) => createdAt)), text),
    }[group]
    return t.groupOf(text.labelled(t.groups[group], name || t.none), formatCount(runs.length, text))
  }
}

export function RunsTools({ runs }: { runs: readonly Run[] }) {
  const text = useText()
  const { runsView } = useStudio()
  const { find, starred, group, baseline } = useStore(runsView.store)
  const [groupId, baselineId] = [useId(), useId()]
  const t = text.runs
  return (
    <div className="runs-tools" role="search" aria-label={t.find}>
      <input
        type="search"
        name="find-run"
        aria-label={t.find}
        placeholder={t.find}
        title={t.findHelp}
        value={find}
        onChange={({ target }) => runsView.set({ find: target.value })}
      />
      <label className="check">
        <input type="checkbox" name="starred" checked={starred} onChange={({ target }) => runsView.set({ starred: target.checked })} />
        {t.starredOnly}
      </label>
      <label className="slider" htmlFor={groupId}>
        {t.group}
        <select
          id={groupId}
          name="group"
          value={group}
          onChange={({ target }) => runsView.set({ group: runGroups.find((one) => one === target.value) ?? 'none' })}
        >
          {runGroups.map((one) => (
            <option key={one} value={one}>
              {t.groups[one]}
            </option>
          ))}
        </select>
      </label>
      <label className="slider" htmlFor={baselineId}>
        {t.baseline}
        <select
          id={baselineId}
          name="baseline"
          title={t.baselineHelp}
          value={runs.some(({ id }) => id === baseline) ? baseline : ''}
          onChange={({ target }) => runsView.set({ baseline: target.value || undefined })}
        >
          <option value="">{t.noBaseline}</option>
          {runs.toReversed().map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
