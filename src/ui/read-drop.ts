// Files out of a drop or a picker, folders included, each with its path.
import type { PickedFile } from '../worker/api'

/** A set of pictures has at most 200,000. */
const mostFiles = 201_000

function fromInput(file: File): PickedFile {
  return { path: file.webkitRelativePath || file.name, file }
}

/** Files of an <input type="file">, with folder paths where a folder was chosen. */
export function filesOfInput(files: FileList | null): PickedFile[] {
  return Array.from(files ?? [])
    .slice(0, mostFiles)
    .map(fromInput)
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** One portion of a folder; readEntries gives at most about 100 at a time and an empty portion at the end. */
function portion(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

async function walk(entry: FileSystemEntry, found: PickedFile[]): Promise<void> {
  if (found.length >= mostFiles) return
  if (entry.isFile) {
    found.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (let entries = await portion(reader); entries.length > 0; entries = await portion(reader))
    for (const inner of entries) await walk(inner, found)
}

/** Files and folders of a drop. Must be called while the event is being handled: the list is empty afterwards. */
export function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const items = Array.from(transfer.items).filter((item) => item.kind === 'file')
  const entries = items.map((item) => item.webkitGetAsEntry())
  const plain = Array.from(transfer.files).map(fromInput)
  return (async () => {
    const real = entries.filter((entry): entry is FileSystemEntry => entry !== null)
    // A drop made by a script has files but no entries.
    if (real.length === 0) return plain.slice(0, mostFiles)
    const found: PickedFile[] = []
    for (const entry of real) await walk(entry, found)
    return found
  })()
}
