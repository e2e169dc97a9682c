// A small picture. It is decoded when it comes into sight.
import { useEffect, useRef, useState } from 'react'
import type { Thumbnail } from '../store/pictures-store'
import { Icon } from './icons'
import { useText } from './text/text'

interface Props {
  /** Changes with the picture. */
  path: string
  load: (path: string, signal: AbortSignal) => Promise<Thumbnail> | undefined
}

export function PictureThumb({ path, load }: Props) {
  const text = useText()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const abort = new AbortController()
    const draw = ({ width, height, rgba }: Thumbnail): void => {
      if (abort.signal.aborted) return
      element.width = width
      element.height = height
      element.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
    }
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        observer.disconnect()
        load(path, abort.signal)
          ?.then(draw)
          .catch(() => {
            if (!abort.signal.aborted) setBroken(true)
          })
      },
      { rootMargin: '100px' },
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      abort.abort()
    }
  }, [path, load])
  return (
    <span className="thumb-frame">
      {broken && (
        <span className="thumb-broken" title={text.pictures.broken}>
          <Icon name="warning" />
        </span>
      )}
      <canvas ref={canvas} width={1} height={1} aria-hidden="true" />
    </span>
  )
}
