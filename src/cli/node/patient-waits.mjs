// Waits for Dawn in Node without keeping a core busy. While anything is awaited, Dawn's binding polls in every turn of the event loop,
// so a software adapter has one core less to compute with.

const eagerMs = 1

/** @param {GPU} gpu */
async function isSoftware(gpu) {
  const info = (await gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info
  return info !== undefined && /swiftshader|llvmpipe|lavapipe/i.test(`${info.architecture} ${info.description}`)
}

/** Makes the binding poll only once a millisecond after the first moments of a wait. It polls through the global setImmediate. */
function delayQuestions() {
  const { setImmediate, setTimeout } = globalThis
  let asking = false
  let since = 0
  /** @param {(...args: any[]) => void} fn @param {any[]} args */
  const patient = (fn, ...args) => {
    // The binding's function is the only one that is not JavaScript.
    if (!String(fn).includes('[native code]')) return setImmediate(fn, ...args)
    // During a wait it schedules its next poll within a poll; otherwise a new wait has begun.
    if (!asking) since = performance.now()
    const ask = () => {
      asking = true
      try {
        fn(...args)
      } finally {
        asking = false
      }
    }
    return performance.now() - since < eagerMs ? setImmediate(ask) : setTimeout(ask, 1)
  }
  globalThis.setImmediate = /** @type {any} */ (patient)
}

let delayed = false

/** Leaves the cores to a software adapter while its work is awaited; does nothing for other adapters. @param {GPU} gpu */
export async function waitPatiently(gpu) {
  if (delayed || !(await isSoftware(gpu))) return
  delayed = true
  delayQuestions()
}
