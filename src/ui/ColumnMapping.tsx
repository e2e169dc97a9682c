// Columns chosen by hand: the role of each column, with the first rows as they are in the file and as they will be read.
// It opens by itself where the columns were not understood.
import { useEffect, useId, useState } from 'react'
import type { Reading } from '../store/data-state'
import type { ColumnRoles, MappedRow, MappedRows } from '../worker/api'
import { useStudio } from './studio-context'
import { useSentence, useText } from './text/text'

type Role = keyof ColumnRoles
const shapes = {
  text: ['text'],
  pair: ['prompt', 'input', 'completion', 'system', 'history'],
  turns: ['messages', 'answer', 'system', 'tools'],
} as const
type Shape = keyof typeof shapes

function shapeOf({ messages, prompt, completion, text }: ColumnRoles): Shape {
  if (messages) return 'turns'
  return text && !prompt && !completion ? 'text' : 'pair'
}

/** The roles that belong to a shape, and nothing else. */
function within(roles: ColumnRoles, shape: Shape): ColumnRoles {
  return Object.fromEntries(shapes[shape].flatMap((role: Role) => (roles[role] ? [[role, roles[role]]] : [])))
}

function FirstRow({ row, roles }: { row: MappedRow; roles: ColumnRoles }) {
  const inWords = useSentence()
  const t = useText().data.mapping
  const used = new Set(Object.values(roles))
  return (
    <li className="mapped-row">
      <p className="mapped-caption">{t.inFile}</p>
      <dl aria-label={t.before(String(row.line))}>
        {row.columns.map(({ name, text }) => (
          <div key={name} className={used.has(name) ? undefined : 'muted'}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p className="mapped-caption">{t.asRead}</p>
      <dl aria-label={t.after(String(row.line))}>
        {row.parts.map(({ role, text }, i) => (
          <div key={i} className={role === 'assistant' || role === 'completion' || role === 'text' ? 'mapped-answer' : undefined}>
            <dt>{t.parts[role]}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {row.parts.length === 0 && <dd className="help-problem">{row.problem ? inWords(row.problem) : t.nothingYet}</dd>}
      </dl>
    </li>
  )
}

function Roles({
  found,
  shape,
  roles,
  onRoles,
}: {
  found: MappedRows
  shape: Shape
  roles: ColumnRoles
  onRoles: (roles: ColumnRoles) => void
}) {
  const t = useText().data.mapping
  const id = useId()
  return (
    <div className="fields">
      {shapes[shape].map((role: Role) => (
        <div className="field" key={role}>
          <label htmlFor={`${id}-${role}`}>{t.roles[role]}</label>
          <select
            id={`${id}-${role}`}
            data-testid={`map-${role}`}
            value={roles[role] ?? ''}
            onChange={(e) => onRoles(within({ ...roles, [role]: e.target.value || undefined }, shape))}
          >
            <option value="">{t.none}</option>
            {found.columns.map((column) => (
              <option key={column} value={column}>
                {column}
              </option>
            ))}
          </select>
        </div>
      ))}
    </div>
  )
}

/** The form for a file. It shows what its first rows become with the chosen columns. */
function MappingForm({ reading, start, disabled }: { reading: Reading; start: MappedRows; disabled: boolean }) {
  const text = useText()
  const studio = useStudio()
  const [shape, setShape] = useState<Shape>(shapeOf(start.roles))
  const [roles, setRoles] = useState(within(start.roles, shape))
  const [found, setFound] = useState(start)
  const [refused, setRefused] = useState(false)
  const { file } = reading
  useEffect(() => {
    let over = false
    void studio.data.tryColumns(file, roles).then((result) => {
      if (over) return
      if (result.ok) setFound(result.value)
      setRefused(!result.ok || result.value.problem !== undefined)
    })
    return () => {
      over = true
    }
  }, [studio, file, roles])
  const t = text.data.mapping
  const take = (next: Shape): void => {
    setShape(next)
    setRoles(within(roles, next))
  }
  return (
    <div className="stack-small">
      <p className="help">{t.help}</p>
      <div className="field">
        <label htmlFor="map-shape">{t.shape}</label>
        <select id="map-shape" data-testid="map-shape" value={shape} onChange={(e) => take(e.target.value as Shape)}>
          {(Object.keys(shapes) as Shape[]).map((name) => (
            <option key={name} value={name}>
              {t.shapes[name]}
            </option>
          ))}
        </select>
      </div>
      <Roles found={found} shape={shape} roles={roles} onRoles={setRoles} />
      <div className="mapped-head" aria-hidden="true">
        <h4>{t.inFile}</h4>
        <h4>{t.asRead}</h4>
      </div>
      <ol className="mapped-rows" data-testid="mapped-rows">
        {found.rows.map((row) => (
          <FirstRow key={row.line} row={row} roles={roles} />
        ))}
      </ol>
      <div className="button-row">
        <button
          type="button"
          className="button"
          data-testid="map-apply"
          disabled={disabled || refused || Object.keys(roles).length === 0}
          onClick={() => void studio.data.readWith(reading, roles)}
        >
          {t.apply}
        </button>
        {reading.options.columns && (
          <button type="button" className="button-quiet" disabled={disabled} onClick={() => void studio.data.readWith(reading, undefined)}>
            {t.reset}
          </button>
        )}
      </div>
    </div>
  )
}

/** `unmapped`: the first rows of a file whose columns were not understood; without them they are fetched when the section is opened. */
export function ColumnMapping({ reading, unmapped, disabled }: { reading: Reading; unmapped?: MappedRows; disabled: boolean }) {
  const t = useText().data.mapping
  const studio = useStudio()
  const [open, setOpen] = useState(unmapped !== undefined)
  const [fetched, setFetched] = useState<MappedRows>()
  const { file, options } = reading
  const start = unmapped ?? fetched
  const wanted = open && unmapped === undefined
  useEffect(() => {
    if (!wanted) return
    let over = false
    void studio.data.tryColumns(file, options.columns).then((result) => {
      if (!over && result.ok) setFetched(result.value)
    })
    return () => {
      over = true
    }
  }, [studio, file, options.columns, wanted])
  return (
    <details open={open} data-testid="mapping" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{unmapped ? t.titleOf(file.file.name) : t.title}</summary>
      {open && start && <MappingForm key={JSON.stringify(start.roles)} reading={reading} start={start} disabled={disabled} />}
    </details>
  )
}
