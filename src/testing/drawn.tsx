// The page's parts as markup, on a studio as it is now, for tests without a browser.
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { Studio } from '../store/studio'
import { StudioContext } from '../ui/studio-context'
import { type Text, en } from '../ui/text/en'
import { TextContext } from '../ui/text/text'

/** On a server stores are drawn as they began; here they are drawn as they are. */
function nowDrawn(studio: Studio): Studio {
  for (const part of Object.values(studio)) {
    if (typeof part !== 'object') continue
    const store = 'store' in part ? part.store : 'state' in part ? part.state : part
    if ('getInitialState' in store) store.getInitialState = store.getState
  }
  return studio
}

export const drawn = (children: ReactNode, studio?: Studio, text: Text = en): string =>
  renderToStaticMarkup(
    <TextContext value={text}>{studio ? <StudioContext value={nowDrawn(studio)}>{children}</StudioContext> : children}</TextContext>,
  )
