// Where a row is from, in few words.
import { useCallback } from 'react'
import type { Origin } from '../config/recipe'
import { useText } from './text/text'

export function useOriginText(): (origin: Origin) => string {
  const text = useText()
  const t = text.workbench
  return useCallback(
    ({ by, file, line, name, seen }: Origin): string => {
      const place = file === undefined ? undefined : t.originAt(file, String(line ?? ''))
      const maker = by === 'file' ? undefined : [t.makers[by], name].filter(Boolean).join(' ')
      return text.listed([maker, place, seen && t.seen].filter((part) => typeof part === 'string'))
    },
    [text, t],
  )
}
