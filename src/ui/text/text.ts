// The dictionary in use, for components.
import { createContext, useContext } from 'react'
import { type Text, en } from './en'

const TextContext = createContext<Text>(en)

export function useText(): Text {
  return useContext(TextContext)
}
