// Long examples, shortened for reading: trained tokens stay visible, long stretches of other tokens keep only their ends.

type Piece = { from: number; to: number } | { left: number }

type Role = 'context' | 'trained' | 'cut'

/** A stretch longer than `longest` keeps `head` tokens at its beginning and `tail` at its end. */
const limits: Record<Role, { longest: number; head: number; tail: number }> = {
  context: { longest: 80, head: 20, tail: 24 },
  trained: { longest: 240, head: 160, tail: 40 },
  cut: { longest: 60, head: 40, tail: 0 },
}
/** Where so many tokens are shown, the rest is left out. */
const most = 600

/** Stretches of tokens with the same role. */
function stretches(roles: readonly Role[]): { role: Role; from: number; to: number }[] {
  const found: { role: Role; from: number; to: number }[] = []
  roles.forEach((role, at) => {
    const last = found.at(-1)
    if (last?.role === role) last.to = at + 1
    else found.push({ role, from: at, to: at + 1 })
  })
  return found
}

/** Joins neighbours, so that two gaps are one. */
function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  if (last && 'left' in last && 'left' in piece) last.left += piece.left
  else if (!('left' in piece) || piece.left > 0) pieces.push({ ...piece })
}

/** A stretch with its middle left out; `more` tokens of the middle are not among `roles`. */
function shortened({ role, from, to }: { role: Role; from: number; to: number }, more: number): Piece[] {
  const { longest, head, tail } = limits[role]
  if (to - from <= longest && more === 0) return [{ from, to }]
  const left = { left: to - from - head - tail + more }
  return [{ from, to: from + head }, left, ...(tail > 0 ? [{ from: to - tail, to }] : [])]
}

/** The parts of an example to show. `skipped`: tokens that were left out of the middle of a long stretch. */
export function elide(roles: readonly Role[], skipped?: { at: number; count: number }): Piece[] {
  const pieces: Piece[] = []
  let shown = 0
  for (const stretch of stretches(roles)) {
    const { from, to } = stretch
    const more = skipped && skipped.at > from && skipped.at < to ? skipped.count : 0
    for (const piece of shown < most ? shortened(stretch, more) : [{ left: to - from + more }]) {
      add(pieces, piece)
      if (!('left' in piece)) shown += piece.to - piece.from
    }
  }
  return pieces
}
