// What an engine's file provides. A new engine is a file, and a line in the registry.
import type { Phrase } from '../../config/phrase'
import type { FolderFile } from '../../peft/model-folder'
import type { PreparedRun } from './prepared-run'

export interface Engine {
  /** Its folder in the exported one. */
  name: string
  label: string
  /** Why it cannot train this run as it was trained, or undefined. Nothing is approximated. */
  lacks(run: PreparedRun): Phrase | undefined
  /** Its files, with paths from its own folder on. */
  files(run: PreparedRun): readonly FolderFile[]
  /** Its part of the README, in Markdown: the commands, and which of them were tried. */
  readme(run: PreparedRun): string
}

export const textFile = (path: string, text: string): FolderFile => ({ path, bytes: new TextEncoder().encode(text) })
