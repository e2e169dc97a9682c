// Waiting for Dawn in Node without using up a core. While anything is awaited, its binding asks again in every turn of the event
// loop: on a software adapter that is a processor less to compute with.

const eagerMs = 4

/** @param {GPU} gpu */
async function isSoftware(gpu) {
  const info = (await gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info
  return info !== undefined && /swiftshader|llvmpipe|lavapipe/i.test(`${info.architecture} ${info.description}`)
}

/** After the first moments of a wait, the binding's questions come once a millisecond. It asks through the global setImmediate. */
function delayQuestions() {
  const { setImmediate, setTimeout } = globalThis
  let asking = false
  let since = 0
  /** @param {(...args: any[]) => void} fn @param {any[]} args */
  const patient = (fn, ...args) => {
    // The binding's function is the only one that is not JavaScript.
    if (!String(fn).includes('[native code]')) return setImmediate(fn, ...args)
    // It asks for its next turn within this one; otherwise a new wait has begun.
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

/** Leaves the processors to a software adapter while it is waited for; does nothing on others. @param {GPU} gpu */
export async function waitPatiently(gpu) {
  if (delayed || !(await isSoftware(gpu))) return
  delayed = true
  delayQuestions()
}
