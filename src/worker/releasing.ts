// Callbacks that cross to a worker come as proxies with a channel each. They are given back when the call is over, or every call would leak one.
import { type ProxyMethods, releaseProxy } from 'comlink'

const isCallback = (arg: unknown): arg is Partial<ProxyMethods> => typeof arg === 'function'

/** `target`, whose calls give their callbacks back when they end. */
export function releasing<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, name) {
      const method: unknown = Reflect.get(object, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        try {
          return await (Reflect.apply(method, object, args) as Promise<unknown>)
        } finally {
          for (const arg of args) if (isCallback(arg)) arg[releaseProxy]?.()
        }
      }
    },
  })
}
