// Draws lines on a canvas over the plot of a chart, and writes the same lines as SVG.
import { nearestIndex } from '../store/curves'
import { type PlotLine, visiblePoints } from '../store/plot-line'
import type { PlotRanges } from '../store/plot-range'

/** The canvas reaches this far beyond the plot, so that points at its edge are whole. */
export const margin = 4
const faded = 0.15

/** From values to pixels of the plot. */
export interface PlotPlace {
  width: number
  height: number
  ranges: PlotRanges
  log: boolean
}

/** Pixels of the plot from values: x and y = offset + factor · value, of the logarithm for a log scale. */
function mapping({ width, height, ranges, log }: PlotPlace) {
  const [x0, x1] = ranges.x
  const of = log ? Math.log10 : (y: number): number => y
  const [y0, y1] = [of(ranges.y.domain[0]), of(ranges.y.domain[1])]
  const [kx, ky] = [width / (x1 - x0 || 1), height / (y1 - y0 || 1)]
  return { x: (x: number): number => (x - x0) * kx, y: (y: number): number => height - (of(y) - y0) * ky }
}

/** Reduced points of lines, as long as neither their values nor their place change. */
export class PointCache {
  private readonly kept = new Map<string, { buffer: ArrayBufferLike; length: number; of: string; points: Float64Array }>()

  points({ id, xs, ys }: PlotLine, { width, ranges }: PlotPlace): Float64Array {
    const of = `${width} ${ranges.x[0]} ${ranges.x[1]}`
    const found = this.kept.get(id)
    if (found?.length === ys.length && found.buffer === ys.buffer && found.of === of) return found.points
    const points = visiblePoints(xs, ys, ranges.x, Math.max(1, Math.round(width)))
    this.kept.set(id, { buffer: ys.buffer, length: ys.length, of, points })
    return points
  }
}

const dashOf = ({ dash, faint }: PlotLine): number[] => (dash && !faint ? dash.split(' ').map(Number) : [])

interface Drawn {
  lines: readonly PlotLine[]
  place: PlotPlace
  cache: PointCache
  /** The colour of a CSS colour here. */
  colour: (css: string) => string
  /** The run that is lit. */
  lit?: string
}

/** Draws the lines, and the points of those that have them. */
export function drawLines(canvas: HTMLCanvasElement, { lines, place, cache, colour, lit }: Drawn): void {
  const draw = canvas.getContext('2d')
  if (!draw) return
  const scale = devicePixelRatio || 1
  const [width, height] = [place.width + 2 * margin, place.height + 2 * margin].map((size) => Math.round(size * scale))
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height]
  draw.setTransform(scale, 0, 0, scale, margin * scale, margin * scale)
  draw.clearRect(-margin, -margin, place.width + 2 * margin, place.height + 2 * margin)
  draw.lineJoin = 'round'
  const to = mapping(place)
  for (const line of lines) {
    const points = cache.points(line, place)
    const shows = line.shows ?? ((y: number): number => y)
    draw.globalAlpha = (line.faint ? 0.3 : 1) * (lit === undefined || lit === line.run ? 1 : faded)
    draw.strokeStyle = draw.fillStyle = colour(line.colour)
    draw.lineWidth = line.faint ? 1 : lit === line.run ? 3 : 2
    draw.setLineDash(dashOf(line))
    draw.beginPath()
    let begun = false
    for (let i = 0; i < points.length; i += 2) {
      const y = to.y(shows(points[i + 1]))
      // A value that a log scale does not have.
      if (y - y !== 0) continue
      const x = to.x(points[i])
      if (begun) draw.lineTo(x, y)
      else draw.moveTo(x, y)
      begun = true
    }
    draw.stroke()
    // One value alone makes no line.
    if (line.dots || points.length === 2) drawDots(draw, points, to, shows)
    draw.setLineDash([])
    draw.lineWidth = 2
    for (const [x, y] of marksOf(line, to)) drawDiamond(draw, x, y)
  }
}

/** Where the marks of a line are, in pixels of the plot. */
function marksOf({ marks, xs, ys, shows }: PlotLine, to: ReturnType<typeof mapping>): [number, number][] {
  const places = Array.from(marks ?? [], (x): [number, number] => {
    const y = ys[nearestIndex(xs, x)] ?? NaN
    return [to.x(x), to.y(shows ? shows(y) : y)]
  })
  return places.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
}

const markSize = 4.5

function drawDiamond(draw: CanvasRenderingContext2D, x: number, y: number): void {
  draw.beginPath()
  draw.moveTo(x, y - markSize)
  draw.lineTo(x + markSize, y)
  draw.lineTo(x, y + markSize)
  draw.lineTo(x - markSize, y)
  draw.closePath()
  draw.fill()
}

function drawDots(
  draw: CanvasRenderingContext2D,
  points: Float64Array,
  to: ReturnType<typeof mapping>,
  shows: (y: number) => number,
): void {
  draw.beginPath()
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [to.x(points[i]), to.y(shows(points[i + 1]))]
    if (y - y !== 0) continue
    draw.moveTo(x + 3, y)
    draw.arc(x, y, 3, 0, 2 * Math.PI)
  }
  draw.fill()
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100)

/** The lines and their marks as paths of SVG, in pixels of the plot. */
export function linePaths({
  lines,
  place,
  cache,
  colour,
}: Omit<Drawn, 'lit'>): { line: PlotLine; colour: string; path: string; dots: [number, number][]; marks: string[] }[] {
  const to = mapping(place)
  return lines.map((line) => {
    const points = cache.points(line, place)
    const shows = line.shows ?? ((y: number): number => y)
    const places: [number, number][] = []
    for (let i = 0; i < points.length; i += 2) {
      const y = to.y(shows(points[i + 1]))
      if (Number.isFinite(y)) places.push([to.x(points[i]), y])
    }
    const path = places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${rounded(x)},${rounded(y)}`).join('')
    const marks = marksOf(line, to).map(
      ([x, y]) => `M${rounded(x)},${rounded(y - markSize)}l${markSize},${markSize}l${-markSize},${markSize}l${-markSize},${-markSize}Z`,
    )
    return { line, colour: colour(line.colour), path, dots: line.dots || places.length === 1 ? places : [], marks }
  })
}
