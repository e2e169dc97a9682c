/// <reference types="vitest/config" />
// The build, the servers and the tests. Both servers send the security headers (src/cli/node/headers.mjs) with every response.
import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { type Connect, type Plugin, defineConfig } from 'vite'
import { hasDisplay } from './src/cli/node/display.mjs'
import { securityHeaders } from './src/cli/node/headers.mjs'
import about from './package.json' with { type: 'json' }

// Hot reload needs style elements, an inline script and a socket; everything else is as strict as in the built page.
const inDevelopment = {
  'script-src': "'self' 'unsafe-inline'",
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
}

/** Sets the headers before any other part of the server answers, so that errors and the worker have them too. */
function send(instead?: Readonly<Record<string, string>>): Connect.NextHandleFunction {
  const all = securityHeaders(instead)
  return (_request, response, next) => {
    for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
    next()
  }
}

function security(): Plugin {
  return {
    name: 'security-headers',
    configureServer: (server) => void server.middlewares.use(send(inDevelopment)),
    configurePreviewServer: (server) => void server.middlewares.use(send()),
    transformIndexHtml: {
      order: 'pre',
      handler(_html, { server }) {
        if (server) return []
        // A <meta> policy cannot limit who may embed the page in a frame.
        const { 'Content-Security-Policy': all } = securityHeaders()
        const directives = all.split('; ').filter((one) => !one.startsWith('frame-ancestors'))
        return [
          { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: directives.join('; ') }, injectTo: 'head-prepend' },
          { tag: 'meta', attrs: { name: 'referrer', content: 'no-referrer' }, injectTo: 'head-prepend' },
        ]
      },
    },
  }
}

export default defineConfig(({ isPreview }) => ({
  // The page works under any path of any host.
  base: './',
  // A request for a missing file is an error; it does not return the page.
  appType: 'mpa',
  plugins: [react(), security()],
  define: { 'import.meta.env.TABTUNE_VERSION': JSON.stringify(about.version) },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    license: { fileName: 'licences.md' },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
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
