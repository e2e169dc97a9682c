// Whether a page can be opened for the person who started the command.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether there is a screen on which to open the page, and a program to open it. TABTUNE_NO_OPEN says that nothing is opened. */
export function hasDisplay() {
  if (process.env.CI || process.env.TABTUNE_NO_OPEN) return false
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  const folders = (process.env.PATH ?? '').split(delimiter)
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) && folders.some((folder) => existsSync(join(folder, 'xdg-open')))
}
