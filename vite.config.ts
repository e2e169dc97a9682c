/// <reference types="vitest/config" />
// The build, the servers and the tests. Both servers send the security headers with every response. The policies that a page can declare
// for itself are also written into the built index.html, for hosts that send no headers.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import react from '@vitejs/plugin-react'
import { type Connect, type Plugin, defineConfig } from 'vite'

const policy: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  // Workers begin as blobs (src/worker/start-worker.ts), and this directive also covers the modules that they import.
  'worker-src': "'self' blob:",
  'connect-src': "'self'",
  'img-src': "'self' data: blob:",
  'style-src': "'self'",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-src': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'studio-worker',
}

// Hot reload needs style elements, an inline script and a socket; everything else is as strict as in the built page.
const devPolicy: Record<string, string> = {
  ...policy,
  'script-src': "'self' 'unsafe-inline'",
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
}

function csp(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}

function headers(directives: Record<string, string>): Record<string, string> {
  return {
    'Content-Security-Policy': csp(directives),
    'Connection-Allowlist': '(response-origin); webrtc=block',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=()',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  }
}

/** Sets the headers before any other part of the server answers, so that errors and the worker have them too. */
function send(directives: Record<string, string>): Connect.NextHandleFunction {
  const all = headers(directives)
  return (_request, response, next) => {
    for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
    next()
  }
}

function security(): Plugin {
  return {
    name: 'security-headers',
    configureServer: (server) => void server.middlewares.use(send(devPolicy)),
    configurePreviewServer: (server) => void server.middlewares.use(send(policy)),
    transformIndexHtml: {
      order: 'pre',
      handler(_html, { server }) {
        if (server) return []
        // A <meta> policy cannot limit who may embed the page in a frame.
        const { 'frame-ancestors': _, ...inPage } = policy
        return [
          { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: csp(inPage) }, injectTo: 'head-prepend' },
          { tag: 'meta', attrs: { name: 'referrer', content: 'no-referrer' }, injectTo: 'head-prepend' },
        ]
      },
    },
  }
}

/** Whether there is a screen on which to open the page, and a program to open it. */
function hasDisplay(): boolean {
  if (process.env.CI || process.env.TABTUNE_NO_OPEN) return false
  if (process.platform === 'darwin' || process.platform === 'win32') return true
  const folders = (process.env.PATH ?? '').split(delimiter)
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) && folders.some((folder) => existsSync(join(folder, 'xdg-open')))
}

export default defineConfig(({ isPreview }) => ({
  // The page works under any path of any host.
  base: './',
  // A request for a missing file is an error; it does not return the page.
  appType: 'mpa',
  plugins: [react(), security()],
  worker: { format: 'es' },
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  server: { cors: false },
  preview: { cors: false, open: isPreview && hasDisplay() },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: 'src/testing/quick-equality.ts',
          include: ['src/**/*.test.{ts,tsx}', 'e2e/**/*.test.{ts,mjs}'],
          exclude: ['**/node_modules/**', 'src/**/*.gpu.test.ts'],
          // Ten times what the slowest takes alone, since other work may keep the machine busy.
          testTimeout: 120_000,
          // A process loads the modules once, not for each file; vitest alone would leave one core idle, which of two is half.
          isolate: false,
          maxWorkers: availableParallelism(),
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          setupFiles: 'src/testing/quick-equality.ts',
          include: ['src/**/*.gpu.test.ts'],
          globalSetup: 'src/testing/gpu-setup.mjs',
          pool: 'forks',
          // Files of a process share its device and kernels. A test leaves a core idle about half of the time, so two processes take little
          // more than half of the time of one; more of them would compile the same kernels more often.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
}))
