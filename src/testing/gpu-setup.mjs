// Vitest runs this before it starts the processes of GPU tests, which inherit the driver's environment from here.
import { findDriver } from '../cli/node/driver.mjs'

export async function setup() {
  Object.assign(process.env, (await findDriver()).env)
}
