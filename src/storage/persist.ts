// Asks the browser not to clear this page's storage when the disk is full.

/** Whether the storage is safe from the browser's own cleaning. Chrome decides by itself; other browsers may ask the person. */
export async function askToPersist(): Promise<boolean> {
  if (typeof navigator === 'undefined' || !navigator.storage?.persist) return false
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist())
  } catch {
    return false
  }
}
