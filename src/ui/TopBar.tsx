// Name, views, GPU, language, theme and help.
import { useCallback, useState } from 'react'
import { useStore } from 'zustand'
import type { Theme } from '../store/preferences-store'
import { isActive } from '../store/run'
import { HelpDialog } from './HelpDialog'
import { LanguageSwitch } from './LanguageSwitch'
import { formatBytes } from './format'
import { Icon, type IconName } from './icons'
import { useDevice, usePreferences, useStudio } from './studio-context'
import { useText } from './text/text'
import { useHelpKey } from './use-page'
import { type View, views } from './view'

const viewIcons: Record<(typeof views)[number], IconName> = {
  setup: 'sliders',
  data: 'broom',
  train: 'chart',
  compare: 'table',
  answers: 'answers',
  play: 'chat',
  library: 'box',
}
const themes: { theme: Theme; icon: IconName }[] = [
  { theme: 'light', icon: 'sun' },
  { theme: 'dark', icon: 'moon' },
  { theme: 'system', icon: 'screen' },
]

function GpuChip() {
  const text = useText()
  const { status, report, recovering } = useDevice()
  if (recovering)
    return (
      <span className="gpu-chip gpu-amber" data-testid="gpu-chip" data-recovering="true" title={text.gpu.recoveringHelp}>
        <Icon name="warning" />
        <span className="gpu-name">{text.gpu.recovering}</span>
      </span>
    )
  if (status !== 'ready' || !report)
    return (
      <span className={status === 'refused' ? 'gpu-chip gpu-amber' : 'gpu-chip'} data-testid="gpu-chip">
        <Icon name="chip" />
        {status === 'refused' ? text.gpu.none : text.gpu.checking}
      </span>
    )
  const limits = text.gpu.buffers(formatBytes(report.maxBufferBytes), formatBytes(report.maxBindingBytes))
  return (
    <span
      className={report.software ? 'gpu-chip gpu-amber' : 'gpu-chip'}
      data-testid="gpu-chip"
      title={report.software ? `${text.gpu.softwareHelp}${text.inBrackets(limits)}` : limits}
    >
      <Icon name={report.software ? 'warning' : 'chip'} />
      <span className="gpu-name">{report.name}</span>
      {report.software && <span>{text.gpu.software}</span>}
    </span>
  )
}

function ThemeSwitch() {
  const text = useText()
  const studio = useStudio()
  const { theme } = usePreferences()
  return (
    <div className="segments" role="group" aria-label={text.theme.label}>
      {themes.map(({ theme: value, icon }) => (
        <button
          key={value}
          type="button"
          aria-pressed={theme === value}
          aria-label={text.theme[value]}
          title={text.theme[value]}
          onClick={() => studio.preferences.set({ theme: value })}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  )
}

export function TopBar({ view }: { view: View }) {
  const text = useText()
  const [helping, setHelping] = useState(false)
  useHelpKey(useCallback(() => setHelping(true), []))
  const training = useStore(useStudio().runs.store, (s) => s.runs.some(isActive))
  return (
    <header className="top-bar">
      <a className="brand" href="#setup">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M3 17c4 0 4-10 9-10s5 7 9 7" />
          <circle cx="12" cy="7" r="2.4" />
        </svg>
        {text.name}
      </a>
      <nav className="views" aria-label={text.viewsLabel}>
        {views.map((v) => (
          <a key={v} href={`#${v}`} aria-current={v === view ? 'page' : undefined}>
            <Icon name={viewIcons[v]} />
            {text.views[v]}
            {v === 'train' && training && <span className="live-dot" aria-hidden="true" />}
          </a>
        ))}
      </nav>
      <div className="top-right">
        <GpuChip />
        <LanguageSwitch />
        <ThemeSwitch />
        <button type="button" className="button-icon" aria-label={text.help.open} onClick={() => setHelping(true)}>
          <Icon name="help" />
        </button>
      </div>
      {helping && <HelpDialog onClose={() => setHelping(false)} />}
    </header>
  )
}
