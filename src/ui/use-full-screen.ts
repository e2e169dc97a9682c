// An element over the whole screen.
import { type RefObject, useEffect, useState } from 'react'

/** Whether `frame` fills the screen, and the function that changes it. Absent where the browser has no full screen. */
export function useFullScreen(frame: RefObject<HTMLElement | null>): [boolean, (() => void) | undefined] {
  const [full, setFull] = useState(false)
  useEffect(() => {
    const changed = (): void => setFull(frame.current !== null && document.fullscreenElement === frame.current)
    document.addEventListener('fullscreenchange', changed)
    return () => document.removeEventListener('fullscreenchange', changed)
  }, [frame])
  const toggle = (): void => void (full ? document.exitFullscreen() : frame.current?.requestFullscreen())
  // Tests draw components in Node, without a document.
  return [full, typeof document !== 'undefined' && document.fullscreenEnabled ? toggle : undefined]
}
