// A card of the set-up: its number turns into a tick when the step is done.
import type { ReactNode } from 'react'
import { Icon } from './icons'

interface Props {
  number: number
  title: string
  subtitle?: string
  done: boolean
  actions?: ReactNode
  testId?: string
  children: ReactNode
}

export function StepCard({ number, title, subtitle, done, actions, testId, children }: Props) {
  return (
    <section className="card step-card" aria-label={title} data-testid={testId}>
      <header className="card-head">
        <span className={done ? 'step-number step-done' : 'step-number'}>{done ? <Icon name="check" /> : number}</span>
        <div className="card-title">
          <h2>{title}</h2>
          {subtitle && <p className="card-subtitle">{subtitle}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  )
}
