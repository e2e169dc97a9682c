// Files of rows as an enemy or an accident makes them, from a seed. Each kind says which sentence its file gets.
import { seededRandom } from '../../src/data/random'

type Bytes = Uint8Array<ArrayBuffer>

export interface HostileFile {
  kind: string
  /** The file's bytes, made while they are read. */
  bytes(): Generator<Bytes>
  /** What a person is told: in the error, a problem, or a note. */
  says: RegExp
  /** Rows that are read all the same; absent = the whole file is refused. */
  rows?: number
}

/** Seeded choices for one file. */
class Choices {
  private readonly random: () => number
  constructor(seed: number) {
    this.random = seededRandom(seed)
  }
  /** A whole number from `least` to `most`; small ones are as likely as large ones. */
  size(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.random())
  }
  of<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)]
  }
}

const encoder = new TextEncoder()
const good = '{"prompt":"What is red?","completion":"A colour."}\n'
const pair = (completion: string): string => `{"prompt":"p","completion":${completion}}\n`
const talk = (words: string, more = ''): string =>
  `{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":${words}${more}}]}\n`

/** Text in pieces, so that no file is one long string. */
function* text(...parts: (string | { repeat: string; times: number } | Uint8Array)[]): Generator<Bytes> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield new Uint8Array(part)
    else if (typeof part === 'string') yield encoder.encode(part)
    else {
      const atOnce = Math.max(1, Math.min(part.times, Math.floor(2 ** 20 / part.repeat.length)))
      const piece = encoder.encode(part.repeat.repeat(atOnce))
      for (let left = part.times; left > 0; left -= atOnce) yield left >= atOnce ? piece.slice() : encoder.encode(part.repeat.repeat(left))
    }
  }
}

/** A file with one bad row between good ones. */
const between =
  (...parts: Parameters<typeof text>): (() => Generator<Bytes>) =>
  () =>
    text(good, ...parts, '\n', good)
const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n')

type Make = (choices: Choices) => Omit<HostileFile, 'kind'>

/** Kinds about the form of JSON. */
const json: Record<string, Make> = {
  'deep lists': (c) => {
    const times = c.size(600, 2_000_000)
    return { bytes: between('{"a":', { repeat: '[', times }, { repeat: ']', times }, '}'), says: /nested deeper than 500 levels/, rows: 2 }
  },
  'deep objects': (c) => {
    const times = c.size(600, 1_000_000)
    return {
      bytes: between('{"a":', { repeat: '{"a":', times }, '1', { repeat: '}', times }, '}'),
      says: /nested deeper than 500 levels/,
      rows: 2,
    }
  },
  'deep arguments of a call': (c) => {
    const times = c.size(600, 100_000)
    const calls = `[{"function":{"name":"f","arguments":{"x":`
    const row = ['{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":', calls, { repeat: '[', times }, { repeat: ']', times }, '}}}]}]}\n'] // prettier-ignore
    return { bytes: () => text(talk('"a"'), ...row, talk('"b"')), says: /nested deeper than 500 levels/, rows: 2 }
  },
  'deep JSON inside a text': (c) => {
    const times = c.size(600, 1_000_000)
    return {
      bytes: () => text(talk('"a"'), talk('"b"'), '{"messages":"', { repeat: '[', times }, '"}\n'),
      says: /messages: expected a list of turns, got text that is not JSON/,
      rows: 2,
    }
  },
  'brackets without an end': (c) => ({
    bytes: between('{"a":', { repeat: '[{"b":', times: c.size(600, 1_000_000) }),
    says: /nested deeper than 500 levels/,
    rows: 2,
  }),
  'many columns': (c) => ({ bytes: between(`{${lines(c.size(10_001, 900_000), (i) => `"c${i}":${i},`).replaceAll('\n', '')}"x":1}`), says: /more than 10000 keys/, rows: 2 }), // prettier-ignore
  'many keys in a value': (c) => ({ bytes: between(`{"prompt":{${lines(c.size(10_001, 500_000), (i) => `"${i}":0,`).replaceAll('\n', '')}"x":1}}`), says: /more than 10000 keys/, rows: 2 }), // prettier-ignore
  'different columns in each row': (c) => ({ bytes: () => text(lines(100, (i) => `{"prompt":"p${i}","completion":"c",${lines(c.size(10, 3000), (k) => `"k${i}_${k}":"v"`).replaceAll('\n', ',')}}`)), says: /Columns that are not used: .* more/, rows: 100 }), // prettier-ignore
  '__proto__ and its like': (c) => {
    const key = c.of(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])
    const row = `{"${key}":{"polluted":true,"role":"user"},"prompt":"p","completion":"c","__proto__":{"polluted":1}}\n`
    return { bytes: () => text(row, good), says: new RegExp(`Columns that are not used: .*(${key}|__proto__)`), rows: 2 }
  },
  '__proto__ in a turn': () => ({ bytes: () => text(talk('"a"', ',"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}'), talk('"b"')), says: /Keys of turns/, rows: 2 }), // prettier-ignore
  'equal keys': (c) => {
    const times = c.size(2, 500_000)
    const bytes = between('{', { repeat: '"prompt":"p",', times }, '"completion":"c"}')
    // Each mention of a key counts.
    if (times >= 10_000) return { bytes, says: /more than 10000 keys/, rows: 2 }
    return { bytes, says: /the same key more than once \(the first: prompt\)/, rows: 3 }
  },
  'a key of millions of characters': (c) => ({ bytes: between('{"', { repeat: 'k', times: c.size(10_000, 5_000_000) }, '":1,"prompt":"p","completion":"c"}'), says: /read as prompt-completion/, rows: 3 }), // prettier-ignore
  'numbers that no double holds': (c) => ({
    bytes: () => text(pair(c.of(['1e999', '-1e999', '1e-999', '9007199254740993', '1e308'])), pair('5.0')),
    says: /read as/,
    rows: 2,
  }),
  'a number of millions of digits': (c) => ({
    bytes: between('{"prompt":"p","completion":', { repeat: '7', times: c.size(1000, 100_000) }, '}'),
    says: /read as/,
    rows: 3,
  }),
  'values that are no rows': (c) => ({
    bytes: between(c.of(['null', 'true', '12', '"text"', '[]', '[1,2]', '[[]]'])),
    says: /expected a JSON object, got/,
    rows: 2,
  }),
  'text behind a row': (c) => ({
    bytes: between(`{"prompt":"p","completion":"c"}${c.of(['x', ',', '{}', '\0', '//'])}`),
    says: /not JSON/,
    rows: 2,
  }),
  'escaped quotes': (c) => ({
    bytes: between('{"prompt":"p","completion":"', { repeat: '\\" ', times: c.size(1000, 300_000) }, '"}'),
    says: /read as/,
    rows: 3,
  }),
  backslashes: (c) => ({
    bytes: between('{"prompt":"p","completion":"c","x":"', { repeat: '\\\\', times: c.size(1000, 4_000_000) }, '"}'),
    says: /read as/,
    rows: 3,
  }),
  'a string without an end': (c) => ({
    bytes: between('{"prompt":"p","completion":"', { repeat: c.of(['a', '\\"', ' ', 'é']), times: c.size(1000, 3_000_000) }),
    says: /not JSON/,
    rows: 2,
  }),
}

/** Kinds about bytes and lines. */
const bytes: Record<string, Make> = {
  'a byte order mark in the middle': () => ({ bytes: () => text(good, `\uFEFF${good}`, good), says: /3 rows/, rows: 3 }),
  'a byte order mark inside a row': () => ({ bytes: between('{\uFEFF"a":1}'), says: /not JSON/, rows: 2 }),
  'lines that end with CR': (c) => ({
    bytes: () => text({ repeat: good.replace('\n', '\r'), times: c.size(2, 100_000) }),
    says: /carriage returns without line feeds/,
  }),
  'half surrogates': (c) => ({
    bytes: between(pair(`"x${c.of(['\\ud800', '\\udfff', '\\udc00\\ud800'])}y"`).trim()),
    says: /half of a surrogate pair/,
    rows: 3,
  }),
  'bytes that are not UTF-8': (c) => ({ bytes: between('{"prompt":"', Uint8Array.from(c.of([[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80]])), '"}'), says: /not valid UTF-8/, rows: 2 }), // prettier-ignore
  'one endless line': (c) => ({ bytes: between('{"prompt":"', { repeat: c.of(['a', ' ', '\\', 'ü', '[', '0']), times: c.size(17_000_000, 600_000_000) }, '"}'), says: /longer than 16 MiB/, rows: 2 }), // prettier-ignore
  'a row of almost 16 MiB': (c) => ({ bytes: between('{"prompt":"p","completion":"c","x":"', { repeat: c.of(['a', ' ', '\\n', '[', '<']), times: c.size(1_000_000, 8_000_000) }, '"}'), says: /read as/, rows: 3 }), // prettier-ignore
  'a hundred large rows': (c) => ({ bytes: () => text(...Array.from({ length: 100 }, (_, i) => [`{"prompt":"p${i}","completion":"c","x":"`, { repeat: 'x', times: c.size(100_000, 1_000_000) }, '"}\n']).flat()), says: /read as/, rows: 100 }), // prettier-ignore
  'NUL in a row': () => ({ bytes: between('{"prompt":"a\0b","completion":"c"}'), says: /not JSON/, rows: 2 }),
  'NUL escaped': () => ({
    bytes: between('{"prompt":"a\\u0000b","completion":"\\u0000","\\u0000col":"x"}'),
    says: /Columns that are not used: \\u0000col/,
    rows: 3,
  }),
  'a binary head': (c) => ({
    bytes: () =>
      text(
        Uint8Array.from(
          c.of([
            [0x50, 0x4b, 3, 4, 0, 0],
            [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0],
          ]),
        ),
        good,
      ),
    says: /got a binary file/,
  }),
  'the head of a gzip file': () => ({ bytes: () => text(Uint8Array.from([0x1f, 0x8b, 8, 0]), good), says: /damaged or cut off/ }),
  'UTF-16': (c) => ({
    bytes: () =>
      text(
        Uint8Array.from(
          c.of([
            [0xff, 0xfe],
            [0xfe, 0xff],
          ]),
        ),
        good,
      ),
    says: /not JSON/,
  }),
  'empty lines': (c) => ({
    bytes: () => text({ repeat: c.of(['\n', '\r\n', ' \n', '\t\n']), times: c.size(1000, 5_000_000) }, good),
    says: /1 row read/,
    rows: 1,
  }),
  'nothing but space': (c) => ({
    bytes: () => text({ repeat: c.of(['\n', ' ', '\r\n', '\f']), times: c.size(1, 5_000_000) }),
    says: /got an empty file/,
  }),
  'space around a row': (c) => ({
    bytes: between({ repeat: ' ', times: c.size(1000, 6_000_000) }, good.trim(), { repeat: '\t', times: c.size(1000, 6_000_000) }),
    says: /3 rows/,
    rows: 3,
  }),
  'an array without an end': (c) => ({
    bytes: () => text('[', { repeat: `${good.trim()},\n`, times: c.size(10, 20_000) }),
    says: /the file ends inside the JSON array/,
  }),
  'an array of commas': (c) => ({
    bytes: () => text('[', { repeat: ',', times: c.size(10, 5_000_000) }, `${good}]`),
    says: /1 row read/,
    rows: 1,
  }),
  'an array with an endless element': (c) => ({
    bytes: () => text('[', good, ',{"a":"', { repeat: 'a', times: c.size(17_000_000, 60_000_000) }, `"},${good}]`),
    says: /longer than 16 MiB/,
    rows: 2,
  }),
  'one conversation of many megabytes': (c) => ({
    bytes: () =>
      text('[', { repeat: '{"role":"user","content":"q"},', times: c.size(600_000, 900_000) }, '{"role":"assistant","content":"a"}]'),
    says: /longer than 16 MiB/,
  }),
  'text behind an array': (c) => ({
    bytes: () => text(`[${good}]`, c.of(['x', '[]', '{}', ']'])),
    says: /text after the end of the JSON array/,
    rows: 1,
  }),
}

/** Kinds about what rows say. */
const values: Record<string, Make> = {
  'columns of mixed types': (c) => ({ bytes: () => text(lines(200, (i) => `{"prompt":${i % 3 ? '"p"' : c.of(['{}', '[]', 'null', '[[1]]'])},"completion":"c${i}"}`)), says: /prompt: expected text, got/, rows: 133 }), // prettier-ignore
  'one character many times': (c) => ({
    bytes: between('{"prompt":"p","completion":"', { repeat: c.of(['a', '0', '!', '\\n', '日']), times: c.size(200_000, 5_000_000) }, '"}'),
    says: /read as|expected words of at most/,
  }),
  'a text without spaces': (c) => ({
    bytes: between(
      '{"prompt":"p","completion":"',
      { repeat: c.of(['Q29ycmVjdCBob3JzZQ', 'ACGT', 'abcdefghijklmnopqrstuvwxyz', '0123456789abcdef']), times: c.size(1000, 50_000) },
      '"}',
    ),
    says: /read as|expected words of at most/,
  }),
  'every character there is': () => ({ bytes: () => text(...Array.from({ length: 0x110 }, (_, i) => `{"text":${JSON.stringify(Array.from({ length: 256 }, (_, k) => String.fromCodePoint(i * 4096 + k)).join(''))}}\n`)), says: /characters that the model's vocabulary cannot write|read as text/ }), // prettier-ignore
  'a role of millions of characters': (c) => ({ bytes: () => text('{"messages":[{"role":"', { repeat: c.of(['r', '\\u001b[31m', '\\u202e', '\\u0000']), times: c.size(1000, 2_000_000) }, '","content":"q"}]}\n', talk('"b"')), says: /expected one of the roles .*, got .{200,1300}$/m, rows: 1 }), // prettier-ignore
  'a conversation of many turns': (c) => ({ bytes: () => text(talk('"b"'), '{"messages":[', { repeat: '{"role":"user","content":"q"},{"role":"assistant","content":"a"},', times: c.size(6000, 200_000) }, '{"role":"assistant","content":"z"}]}\n', talk('"d"')), says: /expected at most 10000 turns/, rows: 2 }), // prettier-ignore
  'turns that are no turns': (c) => ({ bytes: () => text(talk('"b"'), `{"messages":[${c.of(['1', 'null', '[]', '"x"', '{}', '{"role":5}', '{"role":"user"}', '{"role":"user","content":{"a":1}}', '{"role":"user","content":[{"type":"image"}]}'])}]}\n`, talk('"d"')), says: /turn 1: expected|expected a list of turns/, rows: 2 }), // prettier-ignore
  'many parts of a text': (c) => ({ bytes: () => text(talk('"b"'), '{"messages":[{"role":"user","content":[', { repeat: '{"type":"text","text":"q "},', times: c.size(1000, 20_000) }, '"q"]},{"role":"assistant","content":"a"}]}\n'), says: /read as/, rows: 2 }), // prettier-ignore
  'token ids that are none': (c) => ({
    bytes: () =>
      text(
        '{"input_ids":[1,2,3]}\n',
        `{"input_ids":${c.of(['[1,-1]', '[1,99999999]', '[1.5,2]', '["a"]', '[1e400,2]', '[[1]]', '[]'])}}\n`,
      ),
    says: /input_ids/,
    rows: 1,
  }),
  'labels that do not fit': (c) => ({
    bytes: () =>
      text('{"input_ids":[1,2,3]}\n', `{"input_ids":[1,2],"labels":${c.of(['[1]', '[1,2,3]', '[-5,2]', '"x"', '[1,99999999]'])}}\n`),
    says: /labels: expected/,
    rows: 1,
  }),
  'millions of token ids': (c) => ({
    bytes: () => text('{"input_ids":[1,2,3]}\n', '{"input_ids":[1', { repeat: ',7', times: c.size(10_000, 2_000_000) }, ']}\n'),
    says: /2 rows read as tokens/,
    rows: 2,
  }),
  'the same row again and again': (c) => {
    const times = c.size(100, 20_000)
    return { bytes: () => text({ repeat: good, times }), says: /repeat an earlier row/, rows: times }
  },
  'special tokens written out': () => ({
    bytes: () => text(talk('"a<|im_end|>\\n<|im_start|>user\\n</s><|endoftext|>"'), talk('"b"')),
    says: /read as/,
    rows: 2,
  }),
  'text that looks like turns': (c) => ({
    bytes: between('{"prompt":"', { repeat: c.of([' [ ', '[{', '[ {', ' ']), times: c.size(1000, 100_000) }, 'x","completion":"c"}'),
    says: /read as/,
    rows: 3,
  }),
  'text that looks like a path': (c) => ({
    bytes: between('{"prompt":"', { repeat: c.of(['a/', 'a.', 'a-b/', '//']), times: c.size(1000, 100_000) }, ' ","completion":"c"}'),
    says: /read as/,
    rows: 3,
  }),
  'marks that contradict': (c) => ({
    bytes: () => text(talk('"b"'), talk('"a"', c.of([',"train":true,"weight":0', ',"mask":1', ',"weight":"x"', ',"train_detail":[{}]']))),
    says: /expected/,
    rows: 1,
  }),
  'calls that are no calls': (c) => ({
    bytes: () => text(talk('"b"'), talk('""', `,"tool_calls":${c.of(['"[1"', '5', '[null,1]', '"x"', '[[]]'])}`)),
    says: /tool_calls: expected a list of calls/,
    rows: 1,
  }),
  'a history that is none': (c) => ({
    bytes: () => text(good, `{"prompt":"p","completion":"c","history":${c.of(['[[1,2,3]]', '[["a"]]', '[1]'])}}\n`),
    says: /history|turn 1/,
    rows: 1,
  }),
}

const kinds = Object.entries({ ...json, ...bytes, ...values })

/** A prime number, so every kind has its turn; neighbouring seeds get kinds far apart, so a small sample has some of each group. */
const stride = 101

/** The file of a seed; kinds take turns. */
export function hostileFile(seed: number): HostileFile {
  const [kind, make] = kinds[(seed * stride) % kinds.length]
  return { kind, ...make(new Choices(seed)) }
}
