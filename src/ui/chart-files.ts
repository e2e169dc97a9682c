// A chart as a file: SVG and PNG as it is seen, CSV with every value.
import { csv } from '../config/csv'
import type { PlotLine } from '../store/plot-line'
import type { PlotHandle } from './PlotLayer'

const svgSpace = 'http://www.w3.org/2000/svg'
const copied = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-family', 'font-size', 'font-weight', 'opacity'] as const
const legendRow = 18

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const made = document.createElementNS(svgSpace, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.textContent = text
  return made
}

/** A copy of `svg` that has its computed styles in itself, since a file has no style sheet. */
function withStyles(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const [from, to] = [[...svg.querySelectorAll('*')], [...copy.querySelectorAll('*')]]
  from.forEach((original, i) => {
    const style = getComputedStyle(original)
    for (const name of copied) to[i].setAttribute(name, style.getPropertyValue(name))
    to[i].removeAttribute('class')
    to[i].removeAttribute('style')
  })
  return copy
}

type Paths = NonNullable<ReturnType<PlotHandle['paths']>>

function drawn({ left, top, width, height, lines }: Paths): SVGElement {
  const group = element('g', { transform: `translate(${left} ${top})`, 'clip-path': 'url(#plot)' })
  const clip = element('clipPath', { id: 'plot' })
  clip.append(element('rect', { x: -4, y: -4, width: width + 8, height: height + 8 }))
  group.append(clip)
  for (const { line, colour, path, dots, marks } of lines) {
    const look = line.faint
      ? { 'stroke-width': 1, 'stroke-opacity': 0.3, 'stroke-dasharray': '' }
      : { 'stroke-width': 2, 'stroke-opacity': 1, 'stroke-dasharray': line.dash }
    group.append(element('path', { d: path, fill: 'none', stroke: colour, 'stroke-linejoin': 'round', 'data-line': line.id, ...look }))
    for (const [x, y] of dots) group.append(element('circle', { cx: x, cy: y, r: 3, fill: colour }))
    for (const d of marks) group.append(element('path', { d, fill: colour }))
  }
  return group
}

/** The names of the lines under the chart. */
function legend({ lines }: Paths, left: number, top: number, ink: string, font: string): SVGElement {
  const group = element('g', {})
  const named = lines.filter(({ line }) => !line.faint)
  named.forEach(({ line, colour }, i) => {
    const y = top + legendRow * (i + 0.5)
    group.append(
      element('line', { x1: left, x2: left + 24, y1: y, y2: y, stroke: colour, 'stroke-width': 2, 'stroke-dasharray': line.dash }),
    )
    group.append(element('text', { x: left + 32, y: y + 4, fill: ink, 'font-size': 12, 'font-family': font }, line.name))
  })
  return group
}

interface Picture {
  text: string
  width: number
  height: number
}

/** The chart in `figure` as SVG, with its title and the names of its lines; undefined before it is drawn. */
export function chartSvg(figure: HTMLElement, handle: PlotHandle | null, title: string): Picture | undefined {
  const svg = figure.querySelector<SVGSVGElement>('svg.recharts-surface')
  const paths = handle?.paths()
  if (!svg || !paths) return undefined
  const style = getComputedStyle(figure)
  const { width, height } = svg.getBoundingClientRect()
  const head = 28
  const all = height + head + 12 + legendRow * paths.lines.filter(({ line }) => !line.faint).length
  const inside = withStyles(svg)
  for (const cursor of inside.querySelectorAll('[data-cursor]')) cursor.remove()
  for (const name of ['role', 'tabindex', 'aria-label', 'class', 'style']) inside.removeAttribute(name)
  inside.setAttribute('y', String(head))
  inside.append(drawn(paths))
  const out = element('svg', { xmlns: svgSpace, width, height: all, viewBox: `0 0 ${width} ${all}` })
  const background = getComputedStyle(figure.closest('.card') ?? document.body).backgroundColor
  out.append(element('rect', { width, height: all, fill: background }))
  out.append(
    element('text', { x: 8, y: 19, fill: style.color, 'font-size': 14, 'font-weight': 600, 'font-family': style.fontFamily }, title),
  )
  out.append(inside)
  out.append(legend(paths, paths.left, height + head + 6, style.color, style.fontFamily))
  return { text: new XMLSerializer().serializeToString(out), width, height: all }
}

/** The picture with twice as many pixels, for screens and print. */
export async function chartPng({ text, width, height }: Picture): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = new OffscreenCanvas(Math.ceil(2 * width), Math.ceil(2 * height))
  const draw = canvas.getContext('2d')
  draw?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}

/** Every value of every run, one in a line; `x` and `y` name the axes. The average stands beside the value, if one is drawn. */
export function chartCsv(lines: readonly PlotLine[], x: string, y: string): string {
  const averages = new Map(lines.filter(({ faint }) => !faint).map((line) => [line.run, line]))
  const measured = lines.filter((line) => line.faint || !lines.some((other) => other.faint && other.run === line.run))
  const smoothed = measured.some(({ faint }) => faint)
  const shown = ({ shows }: PlotLine, value: number): number => (shows ? shows(value) : value)
  const rows = measured.flatMap((line) => {
    const average = averages.get(line.run)
    const name = average?.name ?? line.name
    return Array.from(line.xs, (at, i) => [
      name,
      at,
      shown(line, line.ys[i]),
      ...(smoothed && average ? [shown(average, average.ys[i])] : []),
    ])
  })
  return csv([['run', x, y, ...(smoothed ? [`${y}_smoothed`] : [])], ...rows])
}
