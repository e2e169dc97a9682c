// What takes time to be read is read while the GPU works on what was read before.

/** Things of which the next one is also read while the last one asked for is used. At most three are held: used, asked for and next. */
export function readAhead<T>(count: number, read: (index: number) => Promise<T>): (index: number) => Promise<T> {
  const held = new Map<number, Promise<T>>()
  const begin = (index: number): Promise<T> => {
    const known = held.get(index)
    if (known) return known
    const reading = read(index)
    // Who asks for it gets the error; one that nobody asks for any more is no error.
    reading.catch(() => undefined)
    held.set(index, reading)
    return reading
  }
  return (index) => {
    for (const other of held.keys()) if (other < index - 1 || other > index + 1) held.delete(other)
    const asked = begin(index)
    if (index + 1 < count) begin(index + 1)
    return asked
  }
}
