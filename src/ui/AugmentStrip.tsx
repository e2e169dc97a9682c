// A picture that the run trains on, as it is and as the run changes it in its first epochs.
import { useEffect, useRef, useState } from 'react'
import { augmentationOf } from '../config/picture-fields'
import type { TrainingSettings } from '../config/run-config'
import type { Picture } from '../pictures/picture'
import { chosenConfig } from '../store/setup-state'
import type { PictureInEpochs, Result } from '../worker/api'
import { ErrorMessage } from './ErrorMessage'
import { formatCount } from './format'
import { useData, useSetup, useStudio } from './studio-context'
import { useText } from './text/text'

const epochs = 7
/** Settings are often changed several times in a row. */
const delayMs = 150

interface Asked {
  /** The id of the set that is open. */
  set: string
  training: TrainingSettings
  at: number
}

/** The picture at place `at`, anew after each change of the set, the settings and the place. */
function useEpochs(wanted: Asked | undefined): Result<PictureInEpochs> | undefined {
  const { pictureInEpochs } = useStudio()
  const [found, setFound] = useState<Result<PictureInEpochs>>()
  const key = wanted && JSON.stringify(wanted)
  useEffect(() => {
    if (key === undefined) return
    let current = true
    const timer = setTimeout(() => {
      const { training, at } = JSON.parse(key) as Asked
      void pictureInEpochs(training, at, epochs).then((result) => current && setFound(result))
    }, delayMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [key, pictureInEpochs])
  return found
}

function Drawn({ picture, caption }: { picture: Picture; caption: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height, rgb } = picture
  useEffect(() => {
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
    for (let i = 0; i < width * height; i++) rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4)
    canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
  }, [width, height, rgb])
  return (
    <span>
      <canvas ref={canvas} width={width} height={height} aria-hidden="true" />
      <small className="muted">{caption}</small>
    </span>
  )
}

export function AugmentStrip() {
  const text = useText()
  const t = text.pictures.changes
  const training = chosenConfig(useSetup())?.training
  const { report } = useData()
  const [at, setAt] = useState(0)
  const changed = training && augmentationOf(training) && report?.pictures && report.trainRows > 0
  const found = useEpochs(changed ? { set: report.id, training, at } : undefined)
  if (!changed || !found) return null
  if (!found.ok) return <ErrorMessage message={found.error.phrase} />
  const { path, class: name, asIs, seen } = found.value
  return (
    <section className="stack-small augment" aria-label={t.title}>
      <h3>{t.title}</h3>
      <button
        type="button"
        className="augment-strip"
        aria-label={t.another(path, name)}
        title={path}
        data-testid="augment-strip"
        onClick={() => setAt(at + 1)}
      >
        <Drawn picture={asIs} caption={t.asIs} />
        {seen.map((picture, i) => (
          <Drawn key={i} picture={picture} caption={t.epoch(formatCount(i + 1, text))} />
        ))}
      </button>
      <p className="help">{t.help}</p>
    </section>
  )
}
