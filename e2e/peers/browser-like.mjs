// Gives the peers what they expect of a browser, on Dawn in Node: navigator.gpu, and built-ins that are newer than Node 20.
import { waitPatiently } from '../../src/cli/node/patient-waits.mjs'

/** Built-ins of 2024 that jax-js uses. */
function fillIn() {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))
  /** @param {object} on @param {Record<string, Function>} methods */
  const add = (on, methods) => {
    for (const [name, value] of Object.entries(methods))
      if (!(name in on)) Object.defineProperty(on, name, { value, writable: true, configurable: true })
  }
  add(prototype, {
    *map(/** @type {Function} */ fn) {
      let i = 0
      for (const x of /** @type {any} */ (this)) yield fn(x, i++)
    },
    *filter(/** @type {Function} */ fn) {
      let i = 0
      for (const x of /** @type {any} */ (this)) if (fn(x, i++)) yield x
    },
    toArray() {
      return [.../** @type {any} */ (this)]
    },
    some(/** @type {Function} */ fn) {
      for (const x of /** @type {any} */ (this)) if (fn(x)) return true
      return false
    },
    every(/** @type {Function} */ fn) {
      for (const x of /** @type {any} */ (this)) if (!fn(x)) return false
      return true
    },
  })
  add(Set.prototype, {
    union(/** @type {Iterable<any>} */ other) {
      return new Set([.../** @type {any} */ (this), ...other])
    },
    intersection(/** @type {Set<any>} */ other) {
      return new Set([.../** @type {any} */ (this)].filter((x) => other.has(x)))
    },
    difference(/** @type {Set<any>} */ other) {
      return new Set([.../** @type {any} */ (this)].filter((x) => !other.has(x)))
    },
    isSubsetOf(/** @type {Set<any>} */ other) {
      return [.../** @type {any} */ (this)].every((x) => other.has(x))
    },
  })
}

/** Dawn as `navigator.gpu`, with the same driver setting and way of waiting as for our own engine. @returns {Promise<GPU>} */
export async function browserLike() {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const gpu = create(['disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension'])
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node', hardwareConcurrency: 2 }, configurable: true })
  fillIn()
  await waitPatiently(gpu)
  return gpu
}
