// A button that lets a person choose files.
import { type ReactNode, useRef } from 'react'
import type { PickedFile } from '../worker/api'
import { filesOfInput } from './read-drop'

interface Props {
  /** The name of the input, for people who do not see the button. */
  label: string
  testId: string
  className?: string
  multiple?: boolean
  accept?: string
  children: ReactNode
  onFiles: (files: PickedFile[]) => void
}

export function FileButton({ label, testId, className = 'button', multiple = false, accept, children, onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const take = (element: HTMLInputElement): void => {
    const files = filesOfInput(element.files)
    // Emptied, so that the same file can be chosen again.
    element.value = ''
    if (files.length > 0) onFiles(files)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={accept}
        aria-label={label}
        data-testid={testId}
        onChange={(e) => take(e.target)}
      />
      <button type="button" className={className} onClick={() => input.current?.click()}>
        {children}
      </button>
    </>
  )
}
