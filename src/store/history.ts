// Earlier and later states of something that a person edits, for undo and redo.

export interface History<T> {
  now: T
  past: readonly T[]
  future: readonly T[]
  /** What the last edit was about. Further edits about the same, such as typing in one input, are undone together. */
  about?: string
}

const mostKept = 200

export const historyOf = <T>(now: T): History<T> => ({ now, past: [], future: [] })

export function edited<T>(history: History<T>, now: T, about?: string): History<T> {
  const continues = about !== undefined && about === history.about
  return { now, past: continues ? history.past : [...history.past, history.now].slice(-mostKept), future: [], about }
}

export function undone<T>({ now, past, future }: History<T>): History<T> {
  const before = past.at(-1)
  return before === undefined ? { now, past, future } : { now: before, past: past.slice(0, -1), future: [now, ...future] }
}

export function redone<T>({ now, past, future }: History<T>): History<T> {
  const [next] = future
  return next === undefined ? { now, past, future } : { now: next, past: [...past, now], future: future.slice(1) }
}
