// The buttons of a run in a table, in a line under its values: they stay in sight however wide the table is.
import type { ReactNode } from 'react'
import { type Run, canResume } from '../store/run'
import { ResumeButton, Waits } from './ResumeRun'
import { ReuseButton } from './ReuseButton'
import { RunActions } from './RunActions'
import { EditButton, StarButton } from './RunMarks'
import type { View } from './view'

interface Props {
  run: Run
  /** How many columns the table has. */
  columns: number
  go: (view: View) => void
  /** What stands before the buttons that every run has. */
  children?: ReactNode
}

export function RunButtons({ run, columns, go, children }: Props) {
  return (
    <tr className="run-buttons">
      <td colSpan={columns}>
        <div className="button-row">
          <StarButton run={run} />
          <EditButton run={run} />
          {canResume(run) && <ResumeButton run={run} className="button-quiet" />}
          {children}
          <ReuseButton run={run} go={go} />
          <RunActions run={run} />
        </div>
        {canResume(run) && <Waits run={run} />}
      </td>
    </tr>
  )
}
