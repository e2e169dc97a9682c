// The whole page takes files; while something is dragged over it, it says so.
import { useEffect, useState } from 'react'
import type { PickedFile } from '../worker/api'
import { Icon } from './icons'
import { filesOfDrop } from './read-drop'
import { useText } from './text/text'

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

export function DropOverlay({ onFiles }: { onFiles: (files: PickedFile[]) => void }) {
  const text = useText()
  const [over, setOver] = useState(false)
  useEffect(() => {
    // Entering a child leaves its parent, so the depth is counted.
    let depth = 0
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      depth += 1
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      depth -= 1
      if (depth <= 0) setOver(false)
    }
    const move = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      depth = 0
      setOver(false)
      void filesOfDrop(event.dataTransfer).then(onFiles)
    }
    const abort = new AbortController()
    const { signal } = abort
    window.addEventListener('dragenter', enter, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('dragover', move, { signal })
    window.addEventListener('drop', drop, { signal })
    return () => abort.abort()
  }, [onFiles])
  if (!over) return null
  return (
    <div className="drop-overlay" aria-hidden="true">
      <div>
        <Icon name="upload" />
        <p className="drop-title">{text.drop.overlay}</p>
        <p>{text.drop.overlayHelp}</p>
      </div>
    </div>
  )
}
