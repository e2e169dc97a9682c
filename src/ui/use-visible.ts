// Whether an element is on screen; charts that are not are drawn less often.
import { type RefObject, useEffect, useState } from 'react'

export function useVisible(ref: RefObject<Element | null>): boolean {
  const [visible, setVisible] = useState(true)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new IntersectionObserver((entries) => setVisible(entries.some((e) => e.isIntersecting)), { rootMargin: '200px' })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return visible
}
