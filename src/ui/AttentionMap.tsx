// A picture as the model sees it, dark where [CLS] attends little.
import { useEffect, useRef } from 'react'
import type { PictureAttention } from '../worker/api'
import { useText } from './text/text'

/** How bright a patch without attention stays. */
const least = 0.15

/** The pixels [height, width, 4], each patch as bright as its share of the largest one. */
function shaded({ width, height, rgb, across, down, shares }: PictureAttention): Uint8ClampedArray<ArrayBuffer> {
  const most = shares.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE)
  const out = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const patch = Math.floor((y * down) / height) * across + Math.floor((x * across) / width)
      const light = least + (1 - least) * (shares[patch] / most)
      for (let c = 0; c < 3; c++) out[(y * width + x) * 4 + c] = rgb[(y * width + x) * 3 + c] * light
    }
  return out
}

export function AttentionMap({ attention }: { attention: PictureAttention }) {
  const text = useText()
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = attention
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(shaded(attention), width, height), 0, 0)
  }, [attention, width, height])
  return (
    <canvas
      ref={canvas}
      className="attention-map"
      role="img"
      aria-label={text.pictures.attempt.attention}
      data-testid="attention"
      width={width}
      height={height}
    />
  )
}
