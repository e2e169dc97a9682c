// Hands a file to the browser's downloads.
export function saveFile(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  // The download reads the blob after this function; a minute is long enough for it to have begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
