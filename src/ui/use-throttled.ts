// A value that changes often, taken over at most every `ms`; the last one always arrives. While `held`, nothing is taken over.
import { useEffect, useRef, useState } from 'react'

export function useThrottled<T>(value: T, ms: number, held: boolean): T {
  const [shown, setShown] = useState(value)
  const lastAt = useRef(0)
  useEffect(() => {
    if (held) return undefined
    const wait = Math.max(0, lastAt.current + ms - Date.now())
    const timer = setTimeout(() => {
      lastAt.current = Date.now()
      setShown(value)
    }, wait)
    return () => clearTimeout(timer)
  }, [value, ms, held])
  return shown
}
