// Keeps the keyboard where the page is: a button that is pressed may disappear with the view that it was in.
import { type RefObject, useEffect, useRef } from 'react'

/** When `place` changes and no element has the focus any more, the element gets it. */
export function useKeptFocus(place: string | undefined, element: RefObject<HTMLElement | null>): void {
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    if (document.activeElement === document.body) element.current?.focus()
  }, [place, element])
}
