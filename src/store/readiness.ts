// Whether a run can start as it is set up: what keeps it from starting, and the format in which it will hold its base.
import type { BaseFormat } from '../config/run-config'
import type { DataSlice } from './data-store'
import { type Derived, createDerived } from './derived'
import type { DeviceSlice } from './device-store'
import { type Obstacle, obstacle } from './missing'
import type { ModelSlice } from './model-store'
import { chosenMethod } from './setup-state'
import type { SetupSlice } from './setup-store'
import { wantedBase } from './wanted-base'

interface ReadinessState {
  /** Absent = a run can start. */
  obstacle?: Obstacle
  /** The base format that the chosen method takes. */
  base: BaseFormat
  /** The base is held in another format now, so the estimate of now says nothing about the run. */
  reloadsBase: boolean
}

interface Parts {
  device: DeviceSlice
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
}

export function createReadiness({ device, model, data, setup }: Parts): Derived<ReadinessState> {
  return createDerived<ReadinessState>([device.store, model.store, data.store, setup.store], () => {
    const [modelState, setupState] = [model.store.getState(), setup.store.getState()]
    const base = wantedBase(chosenMethod(setupState), modelState.report?.base ?? 'native')
    const reloadsBase = modelState.report !== undefined && modelState.report.base !== base
    const parts = { device: device.store.getState(), model: modelState, data: data.store.getState(), setup: setupState, reloadsBase }
    return { obstacle: obstacle(parts), base, reloadsBase }
  })
}
export type Readiness = ReturnType<typeof createReadiness>
