// Figures of the latest steps.

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

export function deviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** The last `most` numbers. */
export class Recent {
  readonly values: number[] = []

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.values.length === this.most
  }

  add(value: number): void {
    this.values.push(value)
    if (this.values.length > this.most) this.values.shift()
  }
}
