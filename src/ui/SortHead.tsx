// The head of a column that rows can be sorted by.
import { useText } from './text/text'

interface Props {
  name: string
  number: boolean
  /** What stands in full for the name, if that is short. */
  title?: string
  sort: { descending: boolean } | undefined
  onSort: () => void
}

export function SortHead({ name, number, title, sort, onSort }: Props) {
  const t = useText().compare
  return (
    <th scope="col" className={number ? 'number' : undefined} aria-sort={sort ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort-button" title={title ?? t.sortBy(name)} onClick={onSort}>
        {name}
        <span aria-hidden="true">{sort ? (sort.descending ? '↓' : '↑') : ''}</span>
      </button>
    </th>
  )
}
