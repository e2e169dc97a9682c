// The headers with which the studio is served. `tabtune studio`, `npm start` and `npm run dev` send them, and the policies that a page can
// declare for itself are also written into the built index.html, for hosts that send no headers. docs/hosting.md explains each of them.

/** @typedef {Readonly<Record<string, string>>} Directives */

/** The Content Security Policy of the built page. @type {Directives} */
const policy = {
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

/** Every header of a response. `instead` takes the place of directives of the Content Security Policy. @returns {Readonly<Record<string, string>>} */
export function securityHeaders(/** @type {Directives} */ instead = {}) {
  const directives = Object.entries({ ...policy, ...instead }).map((entry) => entry.join(' '))
  return {
    'Content-Security-Policy': directives.join('; '),
    'Connection-Allowlist': '(response-origin); webrtc=block',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), payment=()',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  }
}
