// The formats of picture files. A new one is a file and a line here.
import { bmp } from './bmp'
import { gif } from './gif'
import { jpeg } from './jpeg'
import type { PictureKind } from './kind'
import { png } from './png'
import { webp } from './webp'

export const kinds: readonly PictureKind[] = [png, jpeg, webp, gif, bmp]
