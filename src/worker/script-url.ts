// Under Trusted Types a worker starts only from a URL that a named policy let through: ours lets the own origin through.

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy
}

/** Throws where `url` does not come from the page's own origin. */
function sameOrigin(url: string): string {
  const full = new URL(url, location.href)
  if (full.origin !== location.origin)
    throw new TypeError(`worker: expected a script from ${location.origin}, got ${full.origin}. Serve the whole studio from one place.`)
  return full.href
}

let policy: ScriptUrlPolicy | undefined

/** `url` as the Worker constructor takes it, checked to come from the own origin (CSP: `trusted-types studio-worker`). */
export function scriptUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  if (!factory) return sameOrigin(url)
  policy ??= factory.createPolicy('studio-worker', { createScriptURL: sameOrigin })
  // A TrustedScriptURL; the DOM's types have only the string.
  return policy.createScriptURL(url) as string
}
