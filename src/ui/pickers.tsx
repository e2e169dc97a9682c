// The page's file inputs, each once. Buttons anywhere on the page open them.
import { type ReactNode, createContext, useContext, useMemo, useRef } from 'react'
import type { PickedFile } from '../worker/api'
import { filesOfInput } from './read-drop'
import { useStudio } from './studio-context'
import { useText } from './text/text'

declare module 'react' {
  // React's types do not know the attribute that makes a file input take folders; every browser with WebGPU does.
  interface InputHTMLAttributes<T> extends HTMLAttributes<T> {
    webkitdirectory?: string
  }
}

interface Pickers {
  model(): void
  folder(): void
  data(): void
  evaluation(): void
}

const PickersContext = createContext<Pickers>({
  model: () => undefined,
  folder: () => undefined,
  data: () => undefined,
  evaluation: () => undefined,
})

export const usePickers = () => useContext(PickersContext)

export function PickersProvider({ children, onFiles }: { children: ReactNode; onFiles: (files: PickedFile[]) => void }) {
  const text = useText()
  const studio = useStudio()
  const model = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const data = useRef<HTMLInputElement>(null)
  const evaluation = useRef<HTMLInputElement>(null)
  const pickers = useMemo<Pickers>(
    () => ({
      model: () => model.current?.click(),
      folder: () => folder.current?.click(),
      data: () => data.current?.click(),
      evaluation: () => evaluation.current?.click(),
    }),
    [],
  )
  /** Takes the files and empties the input, so that the same file can be chosen again. */
  const take = (input: HTMLInputElement, accept: (files: PickedFile[]) => void): void => {
    const files = filesOfInput(input.files)
    input.value = ''
    if (files.length > 0) accept(files)
  }
  const openData = (files: PickedFile[]): void => {
    if (files.length === 1 && files[0]) void studio.openData(files[0])
    else onFiles(files)
  }
  return (
    <PickersContext value={pickers}>
      <input
        ref={model}
        type="file"
        multiple
        hidden
        data-testid="model-input"
        aria-label={text.pick.modelInput}
        onChange={(e) => take(e.target, onFiles)}
      />
      <input
        ref={folder}
        type="file"
        webkitdirectory=""
        hidden
        data-testid="model-folder-input"
        aria-label={text.pick.folderInput}
        onChange={(e) => take(e.target, onFiles)}
      />
      <input
        ref={data}
        type="file"
        multiple
        hidden
        data-testid="data-input"
        aria-label={text.pick.dataInput}
        onChange={(e) => take(e.target, openData)}
      />
      <input
        ref={evaluation}
        type="file"
        hidden
        data-testid="eval-input"
        aria-label={text.pick.evalInput}
        onChange={(e) => take(e.target, (files) => void studio.data.setEvalFile(files[0]))}
      />
      {children}
    </PickersContext>
  )
}
