// A run's look in every chart: its colour, and a dash pattern so that colour is not all there is.
const dashes = ['', '7 4', '2 3', '10 3 2 3', '5 2 1 2', '12 4']

export function curveColour(colour: number): string {
  return `var(--series-${(colour % dashes.length) + 1})`
}

/** From the seventh look on, colours come again with another pattern. */
export function curveDash(colour: number): string {
  return dashes[(colour + Math.floor(colour / dashes.length)) % dashes.length] ?? ''
}
