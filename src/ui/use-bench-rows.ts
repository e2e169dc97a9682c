// The rows that the table shows, fetched from the worker while a person scrolls.
import { useEffect, useState } from 'react'
import type { RowQuery } from '../config/recipe'
import type { RowPage } from '../recipe/look'
import { useBenchVersion, useStudio } from './studio-context'

/** Rows that are fetched at once. */
const pageRows = 100

export interface FetchedRows extends RowPage {
  /** The place of the first of them among the rows that fit. */
  from: number
  /** The rows that the worker had (see `WorkbenchState`). */
  version: number
}

/** Rows around `first`; those fetched before stay until others are there. */
export function useBenchRows(query: RowQuery, first: number): FetchedRows | undefined {
  const { workbench } = useStudio()
  const version = useBenchVersion()
  const [fetched, setFetched] = useState<FetchedRows>()
  const from = Math.max(0, (Math.floor(first / (pageRows / 2)) - 1) * (pageRows / 2))
  useEffect(() => {
    let current = true
    void workbench.look(query, from, 2 * pageRows).then((page) => {
      if (!current) return
      if (page.ok) setFetched({ ...page.value, from, version })
      else workbench.fail(page.error.phrase)
    })
    return () => {
      current = false
    }
  }, [workbench, query, from, version])
  return fetched
}
