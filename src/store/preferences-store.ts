// How a person likes the page, and what was declined; remembered in localStorage, which holds nothing else.
import { createStore } from 'zustand/vanilla'
import { type Language, isLanguage } from '../config/language'

export type Theme = 'light' | 'dark' | 'system'
/** Number formats of adapter files. */
export const adapterTypes = ['f32', 'f16', 'bf16'] as const
type AdapterType = (typeof adapterTypes)[number]
export const xAxes = ['step', 'epoch', 'tokens', 'time'] as const
export type XAxis = (typeof xAxes)[number]
export const clips = [0, 1, 5] as const
type Clip = (typeof clips)[number]

interface Preferences {
  theme: Theme
  /** Absent until the person chooses one: the browser's languages decide. */
  language?: Language
  /** Weight of the moving average over the loss, 0 … 0.99. */
  smoothing: number
  xAxis: XAxis
  /** Metrics whose charts have a log scale. */
  logCharts: readonly string[]
  /** The chart of the training loss shows its perplexity. */
  perplexity: boolean
  /** Percent of the values of a curve that may lie outside its chart at either end. */
  clip: Clip
  /** The form has only the most important settings. Absent until the person chooses: then it has while the guide is open. */
  simpleForm?: boolean
  /** A notification when the last run has ended. */
  notify: boolean
  /** Small files that are opened are kept in this browser without asking. */
  keepSmall: boolean
  /** Fingerprints of what the person does not want to keep, the last one first. */
  declined: readonly string[]
  /** Minutes between two snapshots of a run. */
  saveMinutes: number
  /** Interrupted runs are resumed when the page is opened again. */
  resumeBySelf: boolean
  /** How the values of a downloaded adapter are written. */
  adapterType: AdapterType
  /** When the guide for own files was begun, in ms since the epoch; absent = it is closed. */
  guideSince?: number
}

/** The part of Storage that is used. */
export interface TextStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

const key = 'tabtune.preferences'
const start: Preferences = {
  theme: 'system',
  smoothing: 0.6,
  xAxis: 'step',
  logCharts: [],
  perplexity: false,
  clip: 0,
  notify: false,
  keepSmall: true,
  declined: [],
  saveMinutes: 2,
  resumeBySelf: false,
  adapterType: 'f32',
}

/** From a few seconds, for those who cannot lose a step, to a day. */
const isMinutes = (value: unknown): value is number => typeof value === 'number' && value >= 0.1 && value <= 1440
const mostDeclined = 100
const mostLogCharts = 100

/** Older versions had one switch, for the loss and the perplexity. */
function logChartsOf({ logCharts, logLoss }: Record<string, unknown>): readonly string[] {
  if (Array.isArray(logCharts)) return logCharts.filter((key) => typeof key === 'string').slice(0, mostLogCharts)
  return logLoss === true ? ['loss', 'evalPerplexity'] : start.logCharts
}

function read(storage: TextStore | undefined): Preferences {
  try {
    const given = JSON.parse(storage?.getItem(key) ?? '{}') as Record<string, unknown>
    return {
      theme: given.theme === 'light' || given.theme === 'dark' ? given.theme : 'system',
      language: isLanguage(given.language) ? given.language : undefined,
      smoothing: typeof given.smoothing === 'number' && given.smoothing >= 0 && given.smoothing <= 0.99 ? given.smoothing : start.smoothing,
      xAxis: xAxes.find((axis) => axis === given.xAxis) ?? start.xAxis,
      logCharts: logChartsOf(given),
      perplexity: given.perplexity === true,
      clip: clips.find((clip) => clip === given.clip) ?? start.clip,
      simpleForm: typeof given.simpleForm === 'boolean' ? given.simpleForm : undefined,
      notify: given.notify === true,
      keepSmall: given.keepSmall !== false,
      declined: Array.isArray(given.declined)
        ? given.declined.filter((d): d is string => typeof d === 'string').slice(0, mostDeclined)
        : [],
      saveMinutes: isMinutes(given.saveMinutes) ? given.saveMinutes : start.saveMinutes,
      resumeBySelf: given.resumeBySelf === true,
      adapterType: adapterTypes.find((type) => type === given.adapterType) ?? start.adapterType,
      guideSince: typeof given.guideSince === 'number' ? given.guideSince : undefined,
    }
  } catch {
    return start
  }
}

export function createPreferencesStore(storage: TextStore | undefined) {
  const store = createStore<Preferences>(() => read(storage))
  function set(change: Partial<Preferences>): void {
    store.setState(change)
    try {
      storage?.setItem(key, JSON.stringify(store.getState()))
    } catch {
      // A browser that refuses localStorage forgets the choice with the page; nothing else is lost.
    }
  }
  return {
    store,
    set,
    /** The person does not want to keep a model or a dataset, and is not asked again. */
    decline(fingerprint: string): void {
      const { declined } = store.getState()
      set({ declined: [fingerprint, ...declined.filter((d) => d !== fingerprint)].slice(0, mostDeclined) })
    },
  }
}
export type PreferencesSlice = ReturnType<typeof createPreferencesStore>
