// Code pages: bytes that Python's codecs made are recognised and read, whatever pieces they come in.
import { describe, expect, it } from 'vitest'
import { fileOf, readWhole } from '../testing/read-file'
import { guessEncoding } from './encodings'
import { guessHow } from './guess-how'

/** Encoding, text, and base64 of `text.encode(codec)` in Python: cp1252, cp1251, koi8_r, shift_jis, euc_jp, gb18030, big5, euc_kr, utf_16_le, utf_16_be, utf_8. */
const pages = [
  [
    'windows-1252',
    "Größe;Straße;Café\nZwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich – „ja“.\nLe cœur déçu mais l'âme plutôt naïve\n",
    'R3L232U7U3RyYd9lO0NhZukKWnf2bGYgQm94a+RtcGZlciBqYWdlbiBWaWt0b3IgcXVlciD8YmVyIGRlbiBncm/fZW4gU3lsdGVyIERlaWNoIJYghGphky4KTGUgY5x1ciBk6ed1IG1haXMgbCfibWUgcGx1dPR0IG5h73ZlCg==',
  ],
  [
    'windows-1251',
    'вопрос;ответ\nКак тебя зовут?;Меня зовут Анна\nСъешь ещё этих мягких французских булок\n',
    '4u7v8O7xO+7y4uXyCsrg6iDy5eH/IOfu4vPyPzvM5e3/IOfu4vPyIMDt7eAK0frl+Pwg5fm4IP3y6PUg7P/j6uj1IPTw4O328+fx6uj1IOHz6+7qCg==',
  ],
  [
    'koi8-r',
    'вопрос;ответ\nКак тебя зовут?;Меня зовут Анна\nСъешь ещё этих мягких французских булок\n',
    '18/Q0s/TO8/U18XUCuvByyDUxcLRINrP19XUPzvtxc7RINrP19XUIOHOzsEK89/F29ggxd2jINzUycggzdHHy8nIIMbSwc7D1drTy8nIIMLVzM/LCg==',
  ],
  [
    'shift_jis',
    '質問,答え\n東京はどこですか。,日本の首都です。\nカタカナも読める\n',
    'jr+W4iyTmoKmCpOMi56CzYLHgrGCxYK3gqmBQiyT+pZ7gsyO8ZNzgsWCt4FCCoNKg16DSoNpguCTx4LfgukK',
  ],
  [
    'euc-jp',
    '質問,答え\n東京はどこですか。,日本の首都です。\nカタカナも読める\n',
    'vMHM5CzF+qSoCsXstf6kz6TJpLOkx6S5pKuhoyzG/MvcpM6888XUpMekuaGjCqWrpb+lq6XKpOLGyaThpOsK',
  ],
  [
    'gb18030',
    '问题,答案\n北京在哪里?,北京是中国的首都,有很多人住在这里。\n今天天气很好,我们去公园。\n',
    'zsrM4iy08LC4CrGxvqnU2sTEwO8/LLGxvqnKx9bQufq1xMrXtrws09C63LbgyMvXodTa1eLA76GjCr3xzOzM7Mb4uty6wyzO0sPHyKW5q9SwoaMK',
  ],
  [
    'big5',
    '問題,答案\n台北在哪裡?,台北是台灣的城市,有很多人住在這裡。\n今天天氣很好,我們去公園。\n',
    'sN3DRCy1qq7XCqV4pV+mYq3+uMw/LKV4pV+sT6V4xleququwpassprOr3KZopEim7aZis2+4zKFDCqS1pNGk0a7wq9ymbiyn2q3MpWikvbbpoUMK',
  ],
  [
    'euc-kr',
    '질문,대답\n서울은 어디에 있습니까?,서울은 한국의 수도입니다.\n오늘 날씨가 좋아서 공원에 갑니다.\n',
    'wfq5riy067TkCrytv+/AuiC+7rXwv6EgwNa9wLTPse4/LLytv+/AuiDH0bG5wMcgvPa1tcDUtM+02S4Kv8C0wyCzr76+sKEgwcG+xrytILD4v/i/oSCwqbTPtNkuCg==',
  ],
  [
    'utf-16le',
    'question,answer\nwhat is é?,a letter\n',
    'cQB1AGUAcwB0AGkAbwBuACwAYQBuAHMAdwBlAHIACgB3AGgAYQB0ACAAaQBzACAA6QA/ACwAYQAgAGwAZQB0AHQAZQByAAoA',
  ],
  [
    'utf-16be',
    'question,answer\nwhat is é?,a letter\n',
    'AHEAdQBlAHMAdABpAG8AbgAsAGEAbgBzAHcAZQByAAoAdwBoAGEAdAAgAGkAcwAgAOkAPwAsAGEAIABsAGUAdAB0AGUAcgAK',
  ],
  ['utf-8', 'вопрос,é\n東京,질문\n', '0LLQvtC/0YDQvtGBLMOpCuadseS6rCzsp4jrrLgK'],
] as const

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('an encoding', () => {
  it.each(pages)('is recognised and read: %s', async (encoding, text, base64) => {
    const bytes = bytesOf(base64)
    expect(guessEncoding(bytes, true)).toBe(encoding)
    for (const pieceBytes of [1, 7, 1000])
      expect((await readWhole(fileOf(bytes, 'a.txt', pieceBytes), { kind: 'text', textRows: 'document' })).values).toEqual([
        { text: text.trimEnd() },
      ])
  })
  it('is recognised where the beginning of the file ends within a character', () => {
    for (const [encoding, , base64] of pages) {
      const bytes = bytesOf(base64)
      for (const cut of [1, 2, 3])
        expect(guessEncoding(bytes.subarray(0, bytes.length - cut - 1), false), `${encoding} ${cut}`).toBe(encoding)
    }
  })
  it('of a Western text with few accents is Western', () => {
    const head = 'Kundenfrage;Antwort\n'
    for (const row of ['Können Sie mir helfen?;Ja', 'Größe 42;Nein', 'Straße;Größe', 'Käse;Füße', 'ÄNDERN;ja', '20 °C;où'])
      expect(guessEncoding(new Uint8Array(Buffer.from(head + row, 'latin1')), true), row).toBe('windows-1252')
  })
  it('of a short Chinese or Russian text is its own', () => {
    const short = { big5: 'sN3DRCy1qq7XCg==', gb18030: 'zsrM4iy08LC4Cg==', 'windows-1251': '5OA77eXyCg==' }
    for (const [encoding, base64] of Object.entries(short)) expect(guessEncoding(bytesOf(base64), true)).toBe(encoding)
  })
  it('is given by a byte order mark, which is no part of the text', async () => {
    for (const [mark, encoding] of [
      [[0xff, 0xfe, 0x61, 0], 'utf-16le'],
      [[0xfe, 0xff, 0, 0x61], 'utf-16be'],
      [[0xef, 0xbb, 0xbf, 0x61], 'utf-8'],
    ] as const) {
      // prettier-ignore
      const bytes = Uint8Array.from(mark)
      expect(guessEncoding(bytes, true)).toBe(encoding)
      expect((await readWhole(fileOf(bytes, 'a.txt'))).values).toEqual([{ text: 'a' }])
    }
  })
  it('that is guessed is said; one that is given is used', async () => {
    const bytes = bytesOf(pages[0][2])
    const guessed = await readWhole(fileOf(bytes, 'a.csv'))
    expect(guessed.notes).toContain('Its text is read as windows-1252, which is a guess. Choose another encoding if letters are wrong.')
    const given = await readWhole(fileOf(bytes, 'a.csv'), { encoding: 'windows-1251' })
    expect(given.notes).toContain('Its text is read as windows-1251.')
  })
  it('stays UTF-8 where a row is damaged, and only that row is a problem', async () => {
    const bytes = new TextEncoder().encode(`a,b\n${'é,ü\n'.repeat(10)}x,?\nreal,\ufffd\n`)
    bytes[bytes.indexOf(0x3f)] = 0xe9
    for (const pieceBytes of [5, 1000]) {
      const { values, problems } = await readWhole(fileOf(bytes, 'a.csv', pieceBytes))
      expect(problems[0]).toBe('12: bytes that are no characters in the encoding of the file')
      expect(values.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => ({ a: 'é', b: 'ü' })))
    }
  })
  it('of a file that is not text is none', async () => {
    await expect(guessHow(fileOf(Uint8Array.of(0x89, 0x50, 0, 0, 1, 2), 'a.txt'))).rejects.toThrow('got a binary file')
  })
})
