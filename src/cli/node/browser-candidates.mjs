// Looks for an installed Chrome, Chromium or Edge on Linux, macOS and Windows.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const commands = [
  'google-chrome-stable',
  'google-chrome',
  'google-chrome-beta',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary']
const windowsPaths = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

/** @param {string} path */
function runnable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Executables that the user named in TABTUNE_BROWSER or CHROME_PATH. */
export function namedBrowsers() {
  return [process.env.TABTUNE_BROWSER, process.env.CHROME_PATH].flatMap((path) => (path ? [path] : []))
}

/** Executables installed on this machine, in order of preference. */
export function installedBrowsers() {
  if (process.platform === 'darwin') {
    const homes = ['/Applications', join(process.env.HOME ?? '', 'Applications')]
    return homes.flatMap((home) => macApps.map((app) => join(home, `${app}.app`, 'Contents', 'MacOS', app))).filter(runnable)
  }
  if (process.platform === 'win32') {
    const homes = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return homes.flatMap((home) => (home ? windowsPaths.map((parts) => join(home, ...parts)) : [])).filter(runnable)
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/opt/google/chrome', '/opt/microsoft/msedge', '/snap/bin']
  return [...new Set(commands.flatMap((command) => folders.map((folder) => join(folder, command))))].filter(runnable)
}

/** The executable in Playwright's own cache, if it exists. The published package comes without Playwright. */
export async function playwrightBrowsers() {
  const playwright = await import('playwright').catch(() => undefined)
  return playwright ? [playwright.chromium.executablePath()].filter(runnable) : []
}
