// The pictures that are open, as the page shows them.
import type { Phrase } from '../config/phrase'
import type { Bundle, BundledPicture } from '../pictures/bundle'
import type { PictureReport } from '../pictures/report'
import type { PickedFile } from '../worker/api'

export interface PicturesState {
  bundle?: Bundle
  /** Its pictures, by the number of their class. */
  byClass: readonly (readonly BundledPicture[])[]
  /** Paths of the pictures that were selected. */
  selected: ReadonlySet<string>
  /** How far all pictures were looked at. */
  looking?: { done: number; all: number }
  /** The person ended the looking. */
  stopped: boolean
  report?: PictureReport
  /** Pictures without a class, for which the person chooses one. */
  offered: readonly PickedFile[]
  error?: Phrase
}

export const noPictures = (): PicturesState => ({ byClass: [], selected: new Set(), stopped: false, offered: [] })

/** The pictures of each class. */
export function byClass({ classes, pictures }: Bundle): BundledPicture[][] {
  const all = classes.map((): BundledPicture[] => [])
  for (const one of pictures) all[one.label].push(one)
  return all
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A selection with one picture more or less. */
export function toggled(selected: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const next = new Set(selected)
  if (!next.delete(path)) next.add(path)
  return next
}

/** The bundle with pictures in another class. */
export const moved = (bundle: Bundle, paths: ReadonlySet<string>, label: number): Bundle => ({
  ...bundle,
  pictures: bundle.pictures.map((one) => (paths.has(one.path) ? { ...one, label } : one)),
})

/** The bundle without some pictures. */
export const without = (bundle: Bundle, paths: ReadonlySet<string>): Bundle => ({
  ...bundle,
  pictures: bundle.pictures.filter(({ path }) => !paths.has(path)),
})

/** The bundle with further pictures of a class. Each gets a path that the set never had. */
export const added = (bundle: Bundle, files: readonly PickedFile[], label: number): Bundle => ({
  ...bundle,
  pictures: [
    ...bundle.pictures,
    ...files.map(({ path, file }) => ({
      path: `${bundle.classes[label]}/${crypto.randomUUID().slice(0, 8)}/${baseName(path)}`,
      label,
      sizeBytes: file.size,
      blob: file,
    })),
  ],
})

/** The bundle with a class more, or as it is if it has a class of that name. */
export const withClass = (bundle: Bundle, name: string): Bundle =>
  bundle.classes.includes(name) ? bundle : { ...bundle, classes: [...bundle.classes, name] }

/** The bundle without classes that have no pictures. The others keep their order. */
export function withoutEmpty(bundle: Bundle): Bundle {
  const used = bundle.classes.map((_, label) => bundle.pictures.some((one) => one.label === label))
  const numbers = used.map((_, label) => used.slice(0, label).filter(Boolean).length)
  return {
    ...bundle,
    classes: bundle.classes.filter((_, label) => used[label]),
    pictures: bundle.pictures.map((one) => ({ ...one, label: numbers[one.label] })),
  }
}
