// Opens dropped or picked files. A notice about them is shown in the view where it belongs, until the person leaves that view.
import { useCallback, useEffect, useRef, useState } from 'react'
import { phraseOf } from '../config/errors'
import { isPicturePath } from '../pictures/picture-set'
import type { PickedFile } from '../worker/api'
import type { Told } from './PageNotice'
import { useStudio } from './studio-context'
import { useText } from './text/text'
import type { View } from './view'

/** File names of tables that cannot be read. */
const tables = /\.(xlsx?|ods|arrow)$/i

/** Calls `left` each time another view is opened. */
function useLeaving(view: View, left: () => void): void {
  const before = useRef(view)
  useEffect(() => {
    if (before.current === view) return
    before.current = view
    left()
  }, [view, left])
}

export function useOpenFiles(view: View, go: (view: View) => void) {
  const studio = useStudio()
  const text = useText()
  const [told, setTold] = useState<Told & { at: View }>()
  const dismiss = useCallback(() => setTold(undefined), [])

  const left = useCallback(() => {
    setTold((now) => (now?.at === view ? now : undefined))
    studio.imports.dismissTaken()
  }, [view, studio])
  useLeaving(view, left)

  const open = useCallback(
    async (files: PickedFile[]): Promise<void> => {
      setTold(undefined)
      const place = view === 'data' ? 'workbench' : 'training'
      if (place === 'training' && studio.activity.getState().holder) return setTold({ kind: 'warning', words: text.drop.busy, at: view })
      const [first] = files
      if (view === 'play' && first && studio.model.store.getState().report?.pictures && isPicturePath(first.path))
        return studio.sorting.attempt(first, studio.play.store.getState().columns)
      const { model, adapters, train, recipe, ignored, untrained } = await studio.openFiles(files, place)
      if (studio.pictures.store.getState().offered.length > 0) return go('data')
      // The Library says what to do with a run that no engine has trained yet.
      if (untrained.length > 0 && !train && model.length === 0 && adapters.length === 0) return go('library')
      if (recipe && !train && model.length === 0 && adapters.length === 0) return go('data')
      if (place === 'workbench' && model.length === 0 && adapters.length === 0) return
      const table = ignored.find(({ path }) => tables.test(path))
      const way = table && text.drop.table(table.path)
      if (model.length === 0 && adapters.length === 0 && !train)
        return setTold({ kind: 'error', words: way ?? text.drop.nothing, at: view })
      const at = model.length === 0 && !train && studio.model.store.getState().report ? 'library' : 'setup'
      const names = ignored.map((f) => f.path).slice(0, 5)
      if (names.length > 0)
        setTold({ kind: 'notice', words: text.together([text.drop.ignored(text.listed(names)), ...(way ? [way] : [])]), at })
      go(at)
    },
    [studio, text, go, view],
  )
  const onFiles = useCallback(
    (files: PickedFile[]) => void open(files).catch((error: unknown) => setTold({ kind: 'error', words: phraseOf(error), at: view })),
    [open, view],
  )
  return { onFiles, dismiss, told: told?.at === view ? told : undefined }
}
