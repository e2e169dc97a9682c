// Pictures with labels as the rows of a run. A picture is as long as its positions ([CLS] and the patches) and has one target: the class at [CLS].
// Its pixels are read when a micro-batch needs them.
import type { Asking } from '../config/asking'
import { FormatError } from '../config/errors'
import { say } from '../config/phrase'
import type { Example } from './dataset'
import type { RunData } from './run-rows'

/** Where the pictures of a run are from. */
export interface PictureSource {
  /** The number of the class of each picture, from 0. */
  labels: readonly number[]
  /**
   * A picture as the model sees it: [channels, height, width], scaled and normalised as preprocessor_config.json says. In an epoch of training it
   * may be changed; without an epoch it is as it is. @throws FormatError or UnsupportedError naming a picture that cannot be read
   */
  pixels(row: number, epoch?: number): Promise<Float32Array>
  /** A text that is another one if the picture, or what is done with it, is another. */
  mark(row: number): Promise<string>
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

  /** @throws FormatError for a label that no class has */
  constructor(
    readonly name: string,
    private readonly source: PictureSource,
    private readonly seen: Seen,
  ) {
    const { classes, height, width, patch } = seen
    this.positions = (height / patch) * (width / patch) + 1
    const at = source.labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes.length)
    if (at >= 0)
      throw new FormatError(
        say`${name}, picture ${at + 1}: expected a label from 0 to ${classes.length - 1}, the number of a class, got ${source.labels[at]}. Correct the label.`,
      )
  }

  get rows(): number {
    return this.source.labels.length
  }

  get classes(): readonly string[] {
    return this.seen.classes
  }

  label(row: number): number {
    return this.source.labels[row]
  }

  /** @throws FormatError for a picture of another size, or one that cannot be read */
  async pixels(row: number, epoch?: number): Promise<Float32Array> {
    const pixels = await this.source.pixels(row, epoch)
    const { channels, height, width } = this.seen
    if (pixels.length !== channels * height * width)
      throw new FormatError(
        say`${this.name}, picture ${row + 1}: expected ${channels} × ${height} × ${width} numbers, as the model takes, got ${pixels.length}. Read the pictures for this model.`,
      )
    return pixels
  }

  mark(row: number): Promise<string> {
    return this.source.mark(row)
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
