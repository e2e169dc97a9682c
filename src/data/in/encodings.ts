// Guesses the code page of a text from its first bytes: a byte order mark, the zeros of UTF-16, valid UTF-8, or else simple statistics of
// how the bytes above 127 stand. A guess may be wrong, so it is told and can be changed.
import type { Encoding } from '../../config/read-how'

/** Share of the bytes in every second place that must be zero in UTF-16: text with some ASCII has them. */
const zeroShare = 0.2
/** Most characters of UTF-8 above ASCII that may be damaged, so that one bad row does not change how all others are read. */
const damagedShare = 0.1

/** The code page of a text that begins so, or undefined if it is not text. `whole`: nothing follows. */
export function guessEncoding(bytes: Uint8Array, whole: boolean): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const zeros = zerosByPlace(bytes)
  const half = bytes.length / 2
  if (zeros.odd > half * zeroShare && zeros.even === 0) return 'utf-16le'
  if (zeros.even > half * zeroShare && zeros.odd === 0) return 'utf-16be'
  if (zeros.even + zeros.odd > 0) return undefined
  const text = readAs('utf-8', bytes, whole)
  const [damaged, beyond] = [count(text, /\ufffd/g), count(text, /[^\0-\x7f]/g)] // eslint-disable-line no-control-regex
  return damaged <= beyond * damagedShare ? 'utf-8' : guessCodePage(bytes, whole)
}

function zerosByPlace(bytes: Uint8Array): { even: number; odd: number } {
  const zeros = { even: 0, odd: 0 }
  bytes.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2 ? 'odd' : 'even']++
  })
  return zeros
}

const readAs = (encoding: Encoding, bytes: Uint8Array, whole: boolean): string =>
  new TextDecoder(encoding).decode(bytes, { stream: !whole })
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

/** The share of characters above ASCII that `what` matches; 0 if the bytes are not valid in this code page. */
function shareOf(what: RegExp, encoding: Encoding, bytes: Uint8Array, whole: boolean): number {
  const text = readAs(encoding, bytes, whole)
  if (text.includes('\ufffd')) return 0
  return count(text, what) / Math.max(1, count(text, /[^\0-\x7f]/g)) // eslint-disable-line no-control-regex
}

/** A page for bytes that are not UTF-8. Languages of East Asia use two bytes for a character, and give themselves away by their own letters. */
function guessCodePage(bytes: Uint8Array, whole: boolean): Encoding {
  const kana = /[\u3041-\u30ff]/g
  if (shareOf(kana, 'shift_jis', bytes, whole) > 0.2) return 'shift_jis'
  if (inPairs(bytes) < 0.5) return isBig5(bytes, whole) ? 'big5' : 'windows-1252'
  if (shareOf(kana, 'euc-jp', bytes, whole) > 0.2) return 'euc-jp'
  if (shareOf(/[\uac00-\ud7a3]/g, 'euc-kr', bytes, whole) > 0.85) return 'euc-kr'
  return guessWithRuns(bytes, whole)
}

/** Bytes above 127 mostly follow each other: Chinese, or an alphabet of its own with one byte for a letter. */
function guessWithRuns(bytes: Uint8Array, whole: boolean): Encoding {
  if (pairShare(bytes, isCommonGb) > 0.7 && shareOf(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g, 'gb18030', bytes, whole) > 0.9)
    return 'gb18030'
  if (isBig5(bytes, whole)) return 'big5'
  if (runShare(readAs('windows-1252', bytes, whole)) < 0.5) return 'windows-1252'
  const lower = (encoding: Encoding): number => shareOf(/[\u0430-\u044f\u0451]/g, encoding, bytes, whole)
  const [windows, koi] = [lower('windows-1251'), lower('koi8-r')]
  if (Math.max(windows, koi) > 0.6) return windows >= koi ? 'windows-1251' : 'koi8-r'
  return 'windows-1252'
}

/**
 * Western letters with accents are rare Chinese characters in Big5, and each stands alone between letters of ASCII. Common ones that
 * stand beside each other are Chinese.
 */
function isBig5(bytes: Uint8Array, whole: boolean): boolean {
  const beside = /(?<=[^\0-\x7f])[^\0-\x7f]|[^\0-\x7f](?=[^\0-\x7f])/g // eslint-disable-line no-control-regex
  if (pairShare(bytes, isCommonBig5) < 0.7 || shareOf(beside, 'big5', bytes, whole) < 0.5) return false
  return shareOf(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g, 'big5', bytes, whole) > 0.7
}

/** The share of characters above ASCII in runs of three or more. Words of an alphabet of its own are such runs; letters with accents are not. */
function runShare(text: string): number {
  const runs = text.match(/[^\0-\x7f]{3,}/g) ?? [] // eslint-disable-line no-control-regex
  return runs.join('').length / Math.max(1, count(text, /[^\0-\x7f]/g)) // eslint-disable-line no-control-regex
}

/** The share of bytes above 127 that have another one beside them. */
function inPairs(bytes: Uint8Array): number {
  let [high, beside] = [0, 0]
  bytes.forEach((byte, i) => {
    if (byte < 128) return
    high++
    if (bytes[i - 1] > 127 || bytes[i + 1] > 127) beside++
  })
  return beside / Math.max(1, high)
}

/** Common Chinese characters and marks of GB 2312: rows 1 to 3 and 16 to 55. */
function isCommonGb(first: number, second: number): boolean {
  const row = first - 0xa0
  return second > 0xa0 && ((row >= 1 && row <= 3) || (row >= 16 && row <= 55))
}

/** Common Chinese characters and marks of Big5. */
const isCommonBig5 = (first: number): boolean => first >= 0xa1 && first <= 0xc6

/** The share of characters of two bytes that are common ones. */
function pairShare(bytes: Uint8Array, isCommon: (first: number, second: number) => boolean): number {
  let [pairs, common] = [0, 0]
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 128) continue
    pairs++
    if (isCommon(bytes[i], bytes[i + 1] ?? 0)) common++
    i++
  }
  return common / Math.max(1, pairs)
}
