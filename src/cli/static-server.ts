// Serves the files of one folder. It knows their paths from the start and answers no others, so a request cannot leave the folder.
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import { extname, join, posix } from 'node:path'
import { pipeline } from 'node:stream'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/jsonl; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Paths of all files under `folder`, with slashes. */
function pathsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile())
}

/** The path that a request names, without its query; undefined if it is not encoded properly. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*/s, ''))
  } catch {
    return undefined
  }
}

/**
 * A server of the files in `folder` under `base`, which begins and ends with a slash. Every response has `headers`, also errors.
 * Names of the files under assets/ hold a hash of their content, so browsers keep them; everything else is asked for again.
 * @throws Error of the file system if `folder` cannot be read
 */
export function staticServer(folder: string, headers: Readonly<Record<string, string>>, base = '/'): Server {
  const files = new Map(pathsUnder(folder).map((path) => [posix.join(base, path), join(folder, path)]))
  const index = files.get(`${base}index.html`)
  if (index !== undefined) files.set(base, index)
  return createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    const path = pathOf(request.url ?? '/')
    const file = path === undefined ? undefined : files.get(path)
    const stat = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })
    if (file === undefined || !stat) return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n')
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': stat.size,
      'Cache-Control': file.startsWith(join(folder, 'assets')) ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    if (request.method === 'HEAD') return void response.end()
    pipeline(createReadStream(file), response, () => undefined)
  })
}
