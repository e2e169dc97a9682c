// Whether an element is on screen, or nearly; charts that are not are drawn less often. It is not until the browser says so.
import { type RefObject, useEffect, useState } from 'react'

export function useVisible(ref: RefObject<Element | null>): boolean {
  const [visible, setVisible] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new IntersectionObserver((entries) => setVisible(entries.some((e) => e.isIntersecting)), { rootMargin: '200px' })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return visible
}
