// What a person notes about a run: its star, its name, its tags and its notes.
import { useEffect, useId, useRef, useState } from 'react'
import { mostNoted, tagsIn } from '../store/run-notes'
import type { Run } from '../store/run'
import { Icon } from './icons'
import { useStudio } from './studio-context'
import { useText } from './text/text'

export function StarButton({ run }: { run: Run }) {
  const t = useText().runs
  const studio = useStudio()
  const starred = run.starred === true
  return (
    <button
      type="button"
      className="button-icon star-button"
      aria-pressed={starred}
      aria-label={t.starOf(run.name)}
      title={starred ? t.unstar : t.star}
      disabled={run.status === 'elsewhere'}
      onClick={() => studio.runs.note(run.id, { starred: !starred })}
    >
      <Icon name="star" />
    </button>
  )
}

function EditDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const text = useText()
  const studio = useStudio()
  const t = text.runs
  const [tagsId, notesId, titleId] = [useId(), useId(), useId()]
  const dialog = useRef<HTMLDialogElement>(null)
  const name = useRef<HTMLInputElement>(null)
  const [draft, setDraft] = useState({ name: run.name, tags: text.listed(run.tags ?? []), notes: run.notes ?? '' })
  useEffect(() => {
    dialog.current?.showModal()
    name.current?.select()
  }, [])
  const save = (): void => {
    studio.runs.note(run.id, { name: draft.name, tags: tagsIn(draft.tags), notes: draft.notes })
    onClose()
  }
  return (
    <dialog ref={dialog} className="run-dialog" aria-labelledby={titleId} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <h2 id={titleId}>{t.edit}</h2>
        <div className="field">
          <label htmlFor={`${titleId}-name`}>{t.renameOf(run.name)}</label>
          <input
            id={`${titleId}-name`}
            ref={name}
            type="text"
            maxLength={mostNoted.name}
            value={draft.name}
            onChange={({ target }) => setDraft({ ...draft, name: target.value })}
          />
        </div>
        <div className="field">
          <label htmlFor={tagsId}>{t.tags}</label>
          <input
            id={tagsId}
            type="text"
            aria-describedby={`${tagsId}-help`}
            value={draft.tags}
            onChange={({ target }) => setDraft({ ...draft, tags: target.value })}
          />
          <p className="help" id={`${tagsId}-help`}>
            {t.tagsHelp}
          </p>
        </div>
        <div className="field">
          <label htmlFor={notesId}>{t.notes}</label>
          <textarea
            id={notesId}
            rows={5}
            maxLength={mostNoted.notes}
            value={draft.notes}
            onChange={({ target }) => setDraft({ ...draft, notes: target.value })}
          />
        </div>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {text.cancel}
          </button>
          <button type="submit" className="button-primary">
            {t.saveNotes}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** The button behind a run's name that opens its name, tags and notes. */
export function EditButton({ run }: { run: Run }) {
  const t = useText().runs
  const [editing, setEditing] = useState(false)
  return (
    <>
      <button
        type="button"
        className="button-icon"
        aria-label={t.editOf(run.name)}
        title={t.edit}
        disabled={run.status === 'elsewhere'}
        onClick={() => setEditing(true)}
      >
        <Icon name="pencil" />
      </button>
      {editing && <EditDialog run={run} onClose={() => setEditing(false)} />}
    </>
  )
}

/** Its tags and notes; nothing where it has none. `onTag`: a tag was pressed. */
export function RunNotes({ run, onTag }: { run: Run; onTag?: (tag: string) => void }) {
  const t = useText().runs
  const { tags = [], notes } = run
  return (
    <>
      {tags.length > 0 && (
        <ul className="tags" aria-label={t.tags}>
          {tags.map((tag) => (
            <li key={tag}>
              {onTag ? (
                <button type="button" className="tag" title={t.findTag(tag)} onClick={() => onTag(tag)}>
                  {tag}
                </button>
              ) : (
                <span className="tag">{tag}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {notes && <p className="run-notes muted">{notes}</p>}
    </>
  )
}
