// 简体中文: every sentence of the engine that the page can show, by its key (config/phrase.ts). zh.ts has the terms.
//
// The command line's own sentences are left out, since the page imports no file of src/cli. A test finds all others in the sources and
// compares them with these (zh-phrases.test.ts).
//
// A value gets a space before it if it is Latin letters or digits, and none if it is Chinese words. If it may be either, it stands after a
// full-width mark: “实际：{1}。”.
import type { Dictionary } from '../../config/phrase'
import { bench } from './zh-phrases-bench'
import { data } from './zh-phrases-data'
import { elsewhere } from './zh-phrases-elsewhere'
import { engine } from './zh-phrases-engine'
import { formats } from './zh-phrases-formats'
import { kinds } from './zh-phrases-kinds'
import { peft } from './zh-phrases-peft'
import { pictures } from './zh-phrases-pictures'
import { pictureTexts } from './zh-phrases-texts'
import { recipe } from './zh-phrases-recipe'
import { storage } from './zh-phrases-storage'
import { tokenizer } from './zh-phrases-tokenizer'
import { train } from './zh-phrases-train'

export const phrases: Dictionary = {
  ...bench,
  ...data,
  ...elsewhere,
  ...engine,
  ...formats,
  ...kinds,
  ...peft,
  ...pictures,
  ...pictureTexts,
  ...recipe,
  ...storage,
  ...tokenizer,
  ...train,
}
