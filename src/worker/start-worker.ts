// Starts every worker of the page. A worker from the network has the policy of its own response, which is none where a host sends no
// headers. A worker from a blob has the policy of the page that made it, with headers or without. So ours begin as a blob that imports the
// worker's module.
import { type Phrase, asWritten, say } from '../config/phrase'

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy
}

/** A blob that imports the module at `url`. @throws TypeError if `url` is not on the page's own origin */
function importing(url: string): string {
  // In a worker, `location` is its blob. `url` is then absolute or begins at the root.
  const full = new URL(url, location.protocol === 'blob:' ? location.origin : location.href)
  if (full.origin !== location.origin)
    throw new TypeError(`worker: expected a script from ${location.origin}, got ${full.origin}. Serve the whole studio from one place.`)
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(full.href)}`], { type: 'text/javascript' }))
}

let policy: ScriptUrlPolicy | undefined

/** What the Worker constructor takes. Under Trusted Types that is the work of a named policy (CSP: `trusted-types studio-worker`). */
function scriptUrl(url: string): { trusted: string; blobUrl: string } {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  if (factory) policy ??= factory.createPolicy('studio-worker', { createScriptURL: importing })
  // A TrustedScriptURL is no string, and the DOM's types have only the string.
  const trusted = (policy ? policy.createScriptURL(url) : importing(url)) as string
  return { trusted, blobUrl: String(trusted) }
}

/** Why a worker failed, from its event `error`. */
export function failureOf(event: Event): Phrase {
  const { message } = event as ErrorEvent
  return message ? asWritten(message) : say`its script could not be loaded`
}

/** A worker that runs the module at `url`, under the policy of the page. */
export function startWorker(url: string, name: string): Worker {
  const { trusted, blobUrl } = scriptUrl(url)
  const worker = new Worker(trusted, { type: 'module', name })
  // The worker has read the blob when it says something, or will never read it.
  const revoke = (): void => URL.revokeObjectURL(blobUrl)
  worker.addEventListener('message', revoke, { once: true })
  worker.addEventListener('error', revoke, { once: true })
  return worker
}
