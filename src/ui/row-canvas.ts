// Draws the points of a map of rows. Classes differ in colour and in shape.
import type { Rectangle } from '../store/row-map'

interface Dots {
  /** Pixels in the plot. */
  xs: readonly number[]
  ys: readonly number[]
  /** The class of each dot; −1 = none. */
  of: readonly number[]
  picked: readonly boolean[]
}

/** Shapes of about the same size around 0, as paths of SVG with a radius of 5. */
const circle = 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z'
const shapes = [
  circle,
  'M-4.5 -4.5H4.5V4.5H-4.5Z',
  'M0 -6L5.5 4.5H-5.5Z',
  'M0 -6.5L6.5 0L0 6.5L-6.5 0Z',
  'M0 6L5.5 -4.5H-5.5Z',
  'M-6.5 -2.5H6.5V2.5H-6.5Z',
]

export const shapePath = (index: number): string => (index < 0 ? circle : shapes[index % shapes.length])

/** The colours that CSS gives for `wanted` at this element. */
export function coloursAt(element: HTMLElement, wanted: readonly string[]): string[] {
  const before = element.style.color
  const found = wanted.map((colour) => {
    element.style.color = colour
    return getComputedStyle(element).color
  })
  element.style.color = before
  return found
}

interface Look {
  /** One for each class. */
  colours: readonly string[]
  other: string
  ring: string
}

/** From this many dots on, they are smaller. */
const many = 2000

/** Draws the dots, picked ones with a ring around them, and `frame` if there is one (in pixels). */
export function drawDots(canvas: HTMLCanvasElement, { xs, ys, of, picked }: Dots, look: Look, frame: Rectangle | undefined): void {
  const draw = canvas.getContext('2d')
  if (!draw) return
  const scale = devicePixelRatio || 1
  const { clientWidth: width, clientHeight: height } = canvas
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const size = xs.length > many ? 0.45 : 0.7
  const paths = shapes.map((path) => new Path2D(path))
  const [none] = paths
  xs.forEach((x, i) => {
    draw.setTransform(scale * size, 0, 0, scale * size, scale * x, scale * ys[i])
    draw.fillStyle = look.colours[of[i]] ?? look.other
    draw.globalAlpha = picked[i] ? 1 : 0.75
    draw.fill(paths[of[i]] ?? none)
    if (!picked[i]) return
    draw.strokeStyle = look.ring
    draw.lineWidth = 1.5 / size
    draw.stroke(new Path2D('M-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0Z'))
  })
  if (!frame) return
  draw.setTransform(scale, 0, 0, scale, 0, 0)
  draw.globalAlpha = 1
  draw.lineWidth = 1.5
  draw.strokeStyle = look.ring
  draw.setLineDash([4, 3])
  draw.strokeRect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top)
}
