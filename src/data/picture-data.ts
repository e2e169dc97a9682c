// Pictures with labels as the rows of a run. A picture is as long as its positions ([CLS] and the patches) and has one target: the class at [CLS].
import type { Asking } from '../config/asking'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Example } from './dataset'
import type { RunData } from './run-rows'

/** A picture as the model sees it. */
export interface PictureRow {
  /** [channels, height, width], scaled and normalised as preprocessor_config.json says. */
  pixels: Float32Array
  /** The number of its class, from 0. */
  label: number
}

/** What a model says about the pictures that it takes. */
interface Seen {
  classes: readonly string[]
  channels: number
  height: number
  width: number
  patch: number
}

export class PictureData implements RunData {
  readonly asking: Asking = { ends: [] }
  readonly positions: number

  /** @throws FormatError for a picture of another size or a label that no class has */
  constructor(
    readonly name: string,
    private readonly pictures: readonly PictureRow[],
    private readonly seen: Seen,
  ) {
    const { classes, channels, height, width, patch } = seen
    this.positions = (height / patch) * (width / patch) + 1
    for (const [at, { pixels, label }] of pictures.entries()) {
      if (pixels.length !== channels * height * width)
        throw new FormatError(
          say`${name}, picture ${at + 1}: expected ${channels} × ${height} × ${width} numbers, as the model takes, got ${pixels.length}. Read the pictures for this model.`,
        )
      if (!Number.isInteger(label) || label < 0 || label >= classes.length)
        throw new FormatError(
          say`${name}, picture ${at + 1}: expected a label from 0 to ${classes.length - 1}, the number of a class, got ${label}. Correct the label.`,
        )
    }
  }

  get rows(): number {
    return this.pictures.length
  }

  get classes(): readonly string[] {
    return this.seen.classes
  }

  label(row: number): number {
    return this.pictures[row].label
  }

  pixels(row: number): Float32Array {
    return this.pictures[row].pixels
  }

  lengths(rows: ArrayLike<number> | undefined): Int32Array {
    return new Int32Array(rows?.length ?? this.rows).fill(this.positions)
  }

  /** The target of a position is the label of the next one, so the class stands at the position after [CLS]. */
  example(row: number): Example {
    const trained = new Uint8Array(this.positions)
    const labels = new Int32Array(this.positions)
    trained[1] = 1
    labels[1] = this.label(row)
    return { row, ids: new Int32Array(this.positions), trained, labels }
  }
}
