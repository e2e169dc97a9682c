// What a person notes about a run, within limits: its name, its star, its tags and a text.
import type { Noted } from './run'

export const mostNoted = { name: 80, tags: 20, tag: 40, notes: 10_000 }

/** Tags as a person writes them: separated by commas, each once. */
export function tagsIn(text: string): string[] {
  const found = text.split(/[,，、\n]/).map((tag) => tag.trim().slice(0, mostNoted.tag))
  return [...new Set(found.filter(Boolean))].slice(0, mostNoted.tags)
}

/** `change` without spaces around words, and without a name that has no letters. */
export function cleaned({ name, notes, tags, ...rest }: Partial<Noted>): Partial<Noted> {
  const clean = name?.trim().slice(0, mostNoted.name)
  return {
    ...rest,
    ...(clean && { name: clean }),
    ...(tags && { tags: tagsIn(tags.join(',')) }),
    ...(notes !== undefined && { notes: notes.trim().slice(0, mostNoted.notes) }),
  }
}
