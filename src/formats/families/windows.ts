// Windows that some layers have: what the files of these families say of them.
import { say } from '../../config/phrase'
import type { ModelConfig } from '../model-file'
import type { LayerAttention } from './family-files'
import { checkUsual } from './setting'

/** The window of each layer. */
type Windows = readonly (number | undefined)[]

export const windowsOf = (config: ModelConfig, attention: (config: ModelConfig, layer: number) => LayerAttention): Windows =>
  Array.from({ length: config.layers }, (_, layer) => attention(config, layer).window)

/** The window's size; undefined if no layer has one. */
export const sizeOf = (windows: Windows): number | undefined => windows.find((window) => window)

/** The keys of config.json. */
export const windowSettings = (windows: Windows): Record<string, unknown> => ({
  sliding_window: sizeOf(windows) ?? null,
  layer_types: windows.map((window) => (window ? 'sliding_attention' : 'full_attention')),
})

/** Refuses windows on other layers than all but every `period`-th, which llama.cpp does not compute. @throws UnsupportedError */
export function checkPeriod(windows: Windows, period: number): void {
  const regular = windows.every((window, layer) => (window === undefined) === ((layer + 1) % period === 0))
  const usual = period === 4 ? say`full_attention at every fourth layer` : say`full_attention at equal distances`
  checkUsual('layer_types', usual, say`another order`, regular)
}
