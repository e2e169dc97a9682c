/** Numbers between two pauses. */
const pauseEvery = 1000

/**
 * The numbers 0 … count-1 by their key, in the order in which the keys begin. A number without a key is in no group. `pause` is awaited now
 * and then, so that other work gets through.
 */
export async function grouped(
  count: number,
  keyOf: (i: number) => string | undefined,
  pause: () => Promise<void>,
): Promise<Map<string, number[]>> {
  const groups = new Map<string, number[]>()
  for (let i = 0; i < count; i++) {
    if (i % pauseEvery === 0) await pause()
    const key = keyOf(i)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  return groups
}
