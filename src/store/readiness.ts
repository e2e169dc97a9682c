// Whether the run can start as it is set up, and its base precision.
import type { BaseFormat } from '../config/run-config'
import type { DataSlice } from './data-store'
import { type Derived, createDerived } from './derived'
import type { DeviceSlice } from './device-store'
import { type Obstacle, obstacle } from './missing'
import type { ModelSlice } from './model-store'
import { chosenMethod } from './setup-state'
import type { SetupSlice } from './setup-store'
import type { TwoStages } from './two-stages'
import { wantedBase } from './wanted-base'

interface ReadinessState {
  /** Absent = a run can start. */
  obstacle?: Obstacle
  /** The base precision that the chosen method uses. */
  base: BaseFormat
  /** The base now has another precision, so the current estimate does not apply to the run. */
  reloadsBase: boolean
}

interface Parts {
  device: DeviceSlice
  model: ModelSlice
  data: DataSlice
  setup: SetupSlice
  stages: TwoStages
}

export function createReadiness({ device, model, data, setup, stages }: Parts): Derived<ReadinessState> {
  return createDerived<ReadinessState>([device.store, model.store, data.store, setup.store, stages.store], () => {
    const [modelState, setupState] = [model.store.getState(), setup.store.getState()]
    const base = wantedBase(chosenMethod(setupState), modelState.report?.base ?? 'native')
    const reloadsBase = modelState.report !== undefined && modelState.report.base !== base
    const parts = { device: device.store.getState(), model: modelState, data: data.store.getState(), setup: setupState, reloadsBase }
    const { file, steps } = stages.store.getState()
    const firstUnclear = file !== undefined && !Number.isInteger(steps)
    return { obstacle: obstacle({ ...parts, firstUnclear }), base, reloadsBase }
  })
}
export type Readiness = ReturnType<typeof createReadiness>
