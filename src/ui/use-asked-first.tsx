// Resuming a run, taking it over or exporting it may open its model in place of another one. If that one is not kept in this browser, the person is asked.
import { type ReactNode, useState } from 'react'
import type { Replaced } from '../store/opening'
import type { Run } from '../store/run'
import { ConfirmDialog } from './ConfirmDialog'
import { useStudio } from './studio-context'
import { useText } from './text/text'

/** `begin` does it, after the question if there is one; `question` is the dialog. */
export function useAskedFirst(run: Run, act: () => Promise<void>): { begin: () => Promise<void>; question: ReactNode } {
  const { train: t } = useText()
  const studio = useStudio()
  const [replaced, setReplaced] = useState<Replaced>()
  const begin = async (): Promise<void> => {
    const found = await studio.resuming.replaces(run.id)
    if (found) setReplaced(found)
    else await act()
  }
  const question = replaced && (
    <ConfirmDialog
      title={t.replaceTitle(replaced.open)}
      body={t.replaceBody(run.name, replaced.wanted, replaced.open)}
      action={t.replace(replaced.wanted)}
      onClose={() => setReplaced(undefined)}
      onConfirm={() => {
        setReplaced(undefined)
        void act()
      }}
    />
  )
  return { begin, question }
}
