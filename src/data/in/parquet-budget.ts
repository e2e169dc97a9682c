// How much memory the rows of a Parquet file may take. A few bytes of a damaged file can claim any number of values.

/** What takes more than `freeBytes` may not take more than a hundred times the bytes of the file, as in gzip. */
const [mostRatio, freeBytes] = [100, 2 ** 25]
const mostGroupBytes = 2 ** 30

export class Budget {
  private readonly fileBytes: number
  private readonly most: number
  private spent = 0
  private group = 0
  private read = 0

  constructor(fileBytes: number) {
    this.fileBytes = fileBytes
    this.most = Math.max(freeBytes, mostRatio * fileBytes)
  }

  /** The rows of a group are not kept, but made one after the other. */
  startGroup(): void {
    this.group = 0
  }

  /** Bytes of memory that something is about to take. @throws RangeError if they are too many */
  spend(bytes: number): void {
    this.spent += bytes
    this.group += bytes
    if (!(this.group <= mostGroupBytes)) throw new RangeError(`a row group that takes more than ${mostGroupBytes} bytes of memory`)
    if (!(this.spent <= this.most)) throw new RangeError(`rows that take more than ${mostRatio} times the bytes of the file`)
  }

  /** Bytes of the file that are about to be read. @throws RangeError if some are read twice */
  readBytes(bytes: number): void {
    this.read += bytes
    if (!(this.read <= this.fileBytes)) throw new RangeError('columns that overlap')
  }
}
