// Zips of others open; damaged and hostile ones are refused with a sentence, and nothing of them is taken.
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { FormatError } from '../config/errors'
import { type MadeEntry, madeZip } from '../testing/made-zip'
import { crc32 } from '../config/crc32'
import { unzipBlob } from './unzip'

const bytes = (text: string) => new TextEncoder().encode(text)
const config = '{"peft_type":"LORA","peft_type_again":"LORA","peft_type_third":"LORA"}'
const read = (zip: Uint8Array<ArrayBuffer>) => unzipBlob('x.zip', new Blob([zip]))

/** Paths and texts of what comes out, or the sentence. Anything else that is thrown fails the test. */
async function outcome(zip: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    return JSON.stringify(await Promise.all((await read(zip)).map(async ({ path, content }) => [path, await content.text()])))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return error.message
  }
}
const sentence = /^x\.zip: expected a zip of plain files, got .+\. [A-Z][^.]+\.$/
const twoFiles = JSON.stringify([
  ['mine/adapter_config.json', config],
  ['mine/adapter_model.safetensors', 'weights'],
])

it('has the CRC-32 of the published check value, in pieces too', () => {
  expect(crc32(bytes('123456789'))).toBe(0xcbf43926)
  expect(crc32(bytes('6789'), crc32(bytes('12345')))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array(0))).toBe(0)
})

describe('a zip made by', () => {
  const zips = {
    'Python, stored, into a stream':
      'UEsDBBQACAAAAIMYIlwAAAAAAAAAAAAAAAAYAAAAbWluZS9hZGFwdGVyX2NvbmZpZy5qc29ueyJwZWZ0X3R5cGUiOiJMT1JBIiwicGVmdF90eXBlX2FnYWluIjoiTE9SQSIsInBlZnRfdHlwZV90aGlyZCI6IkxPUkEifVBLBwhxB1b+RgAAAEYAAABQSwMEFAAIAAAAgxgiXAAAAAAAAAAAAAAAAB4AAABtaW5lL2FkYXB0ZXJfbW9kZWwuc2FmZXRlbnNvcnN3ZWlnaHRzUEsHCFhz0hoHAAAABwAAAFBLAQIUAxQACAAAAIMYIlxxB1b+RgAAAEYAAAAYAAAAAAAAAAAAAACAAQAAAABtaW5lL2FkYXB0ZXJfY29uZmlnLmpzb25QSwECFAMUAAgAAACDGCJcWHPSGgcAAAAHAAAAHgAAAAAAAAAAAAAAgAGMAAAAbWluZS9hZGFwdGVyX21vZGVsLnNhZmV0ZW5zb3JzUEsFBgAAAAACAAIAkgAAAN8AAAAAAA==',
    'Python, deflated, into a stream':
      'UEsDBBQACAAIAIMYIlwAAAAAAAAAAAAAAAAYAAAAbWluZS9hZGFwdGVyX2NvbmZpZy5qc29uq1YqSE0riS+pLEhVslLy8Q9yVNJBCMUnpidm5mGTKMnILEqBSdQCAFBLBwhxB1b+KAAAAEYAAABQSwMEFAAIAAgAgxgiXAAAAAAAAAAAAAAAAB4AAABtaW5lL2FkYXB0ZXJfbW9kZWwuc2FmZXRlbnNvcnMrT81MzygpBgBQSwcIWHPSGgkAAAAHAAAAUEsBAhQDFAAIAAgAgxgiXHEHVv4oAAAARgAAABgAAAAAAAAAAAAAAIABAAAAAG1pbmUvYWRhcHRlcl9jb25maWcuanNvblBLAQIUAxQACAAIAIMYIlxYc9IaCQAAAAcAAAAeAAAAAAAAAAAAAACAAW4AAABtaW5lL2FkYXB0ZXJfbW9kZWwuc2FmZXRlbnNvcnNQSwUGAAAAAAIAAgCSAAAAwwAAAAAA',
    'Info-ZIP (zip -r x.zip mine)':
      'UEsDBAoAAAAAAO4RfV0AAAAAAAAAAAAAAAAFABwAbWluZS9VVAkAA8CKC2vAigtrdXgLAAEEAAAAAAQAAAAAUEsDBAoAAAAAAO4RfV1Yc9IaBwAAAAcAAAAeABwAbWluZS9hZGFwdGVyX21vZGVsLnNhZmV0ZW5zb3JzVVQJAAPAigtrwIoLa3V4CwABBAAAAAAEAAAAAHdlaWdodHNQSwMEFAAAAAgA7hF9XXEHVv4oAAAARgAAABgAHABtaW5lL2FkYXB0ZXJfY29uZmlnLmpzb25VVAkAA8CKC2vAigtrdXgLAAEEAAAAAAQAAAAAq1YqSE0riS+pLEhVslLy8Q9yVNJBCMUnpidm5mGTKMnILEqBSdQCAFBLAQIeAwoAAAAAAO4RfV0AAAAAAAAAAAAAAAAFABgAAAAAAAAAEADtQQAAAABtaW5lL1VUBQADwIoLa3V4CwABBAAAAAAEAAAAAFBLAQIeAwoAAAAAAO4RfV1Yc9IaBwAAAAcAAAAeABgAAAAAAAEAAACkgT8AAABtaW5lL2FkYXB0ZXJfbW9kZWwuc2FmZXRlbnNvcnNVVAUAA8CKC2t1eAsAAQQAAAAABAAAAABQSwECHgMUAAAACADuEX1dcQdW/igAAABGAAAAGAAYAAAAAAABAAAApIGeAAAAbWluZS9hZGFwdGVyX2NvbmZpZy5qc29uVVQFAAPAigtrdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAADAAMADQEAABgBAAAAAA==',
    'Info-ZIP into a pipe (zip -r - mine)':
      'UEsDBAoAAAAAAO4RfV0AAAAAAAAAAAAAAAAFABwAbWluZS9VVAkAA8CKC2vAigtrdXgLAAEEAAAAAAQAAAAAUEsDBBQACAAIAO4RfV0AAAAAAAAAAAcAAAAeABwAbWluZS9hZGFwdGVyX21vZGVsLnNhZmV0ZW5zb3JzVVQJAAPAigtrwIoLa3V4CwABBAAAAAAEAAAAACtPzUzPKCkGAFBLBwhYc9IaCQAAAAcAAABQSwMEFAAIAAgA7hF9XQAAAAAAAAAARgAAABgAHABtaW5lL2FkYXB0ZXJfY29uZmlnLmpzb25VVAkAA8CKC2vAigtrdXgLAAEEAAAAAAQAAAAAq1YqSE0riS+pLEhVslLy8Q9yVNJBCMUnpidm5mGTKMnILEqBSdQCAFBLBwhxB1b+KAAAAEYAAABQSwECHgMKAAAAAADuEX1dAAAAAAAAAAAAAAAABQAYAAAAAAAAABAA7UEAAAAAbWluZS9VVAUAA8CKC2t1eAsAAQQAAAAABAAAAABQSwECHgMUAAgACADuEX1dWHPSGgkAAAAHAAAAHgAYAAAAAAABAAAApIE/AAAAbWluZS9hZGFwdGVyX21vZGVsLnNhZmV0ZW5zb3JzVVQFAAPAigtrdXgLAAEEAAAAAAQAAAAAUEsBAh4DFAAIAAgA7hF9XXEHVv4oAAAARgAAABgAGAAAAAAAAQAAAKSBsAAAAG1pbmUvYWRhcHRlcl9jb25maWcuanNvblVUBQADwIoLa3V4CwABBAAAAAAEAAAAAFBLBQYAAAAAAwADAA0BAAA6AQAAAAA=',
  }
  it.each(Object.entries(zips))('%s', async (_, text) => {
    const files = JSON.parse(await outcome(new Uint8Array(Buffer.from(text, 'base64')))) as unknown[]
    expect(JSON.stringify(files.sort())).toBe(twoFiles)
  })

  it('Finder, with its copies of attributes, and by bsdtar, with a dot in front', async () => {
    const late = { deflated: true, flags: 8, madeBy: 0x0315, extra: 16 }
    const finder = madeZip([
      { path: 'mine/', bytes: bytes(''), madeBy: 0x0315, attributes: 0o40755 * 2 ** 16 },
      { path: 'mine/adapter_config.json', bytes: bytes(config), ...late },
      { path: '__MACOSX/mine/._adapter_config.json', bytes: bytes('\0\x05\x16\x07'), ...late },
      { path: 'mine/.DS_Store', bytes: bytes('Bud1'), ...late },
      { path: 'mine/adapter_model.safetensors', bytes: bytes('weights'), ...late },
    ])
    expect(await outcome(finder)).toBe(twoFiles)
    const tar = madeZip([
      { path: './', bytes: bytes('') },
      { path: './mine/adapter_config.json', bytes: bytes(config) },
      { path: './mine/adapter_model.safetensors', bytes: bytes('weights'), deflated: true },
    ])
    expect(await outcome(tar)).toBe(twoFiles)
  })

  it('anyone, with files of other kinds, which are left out without being unpacked', async () => {
    const others = ['run.exe', 'a.html', 'x.svg', 'con.json', 'aux.tar.json', 'noending', 'adapter_model.bin', 'x.json.lnk']
    const zip = madeZip([
      // Its checksum is wrong.
      ...others.map((name): MadeEntry => ({ path: `mine/${name}`, bytes: bytes('x'), crc: 1 })),
      { path: 'mine/adapter_config.json', bytes: bytes(config) },
      { path: 'mine/adapter_model.safetensors', bytes: bytes('weights') },
    ])
    expect(await outcome(zip)).toBe(twoFiles)
  })

  it('anyone, with a comment, an empty file and names beyond ASCII', async () => {
    const zip = madeZip(
      [
        { path: 'modèle/é 1.json', bytes: bytes('{}'), deflated: true },
        { path: 'modèle/none.txt', bytes: bytes(''), deflated: true },
      ],
      'made by hand',
    )
    expect(await outcome(zip)).toBe('[["modèle/é 1.json","{}"],["modèle/none.txt",""]]')
  })
})

const many = (count: number, entry: Omit<MadeEntry, 'path'>) =>
  Array.from({ length: count }, (_, i): MadeEntry => ({ ...entry, path: `a/${i}.json`, shared: entry.shared && i > 0 }))

describe('refuses before anything is unpacked', () => {
  const one: MadeEntry = { path: 'a/b.json', bytes: bytes(config), deflated: true }
  const zeros = new Uint8Array(2 ** 20)
  it.each<[string, MadeEntry[], RegExp]>([
    ['files over the same bytes', many(12, { bytes: zeros, deflated: true, shared: true }), /several files over the same bytes/],
    [
      'a file that starts inside another',
      [
        one,
        { ...one, path: 'a/c.json', bytes: madeZip([{ ...one, path: 'a/d.json' }]), deflated: false },
        { ...one, path: 'a/d.json', shared: true, shift: 38 },
      ],
      /a\/c\.json and a\/d\.json over the same bytes/,
    ],
    [
      'a size that no packed bytes can have',
      many(3, { bytes: bytes('{}'), deflated: true, sizeBytes: 2 ** 30 }),
      /1\.00 GiB, out of 4 bytes/,
    ],
    ['a ratio that weights never have', many(66, { bytes: zeros, deflated: true }), /66\.0 MiB packed into 0\.1 MiB \(at most 100 to 1\)/],
    ['a stored file of two sizes', [{ ...one, deflated: false, sizeBytes: 7 }], /a\/b\.json with two sizes/],
    ['a password', [{ ...one, flags: 1 }], /a\/b\.json under a password/],
    ['headers that are masked', [{ ...one, flags: 0x2000 }], /a\/b\.json under a password/],
    ['another method', [{ ...one, method: 93 }], /a\/b\.json packed by method 93/],
    ['a file of the zip64 kind', [{ ...one, sizeBytes: 0xffffffff }], /a\/b\.json of the kind beyond 4 GiB \(zip64\)/],
    ['a link', [{ ...one, attributes: 0o120777 * 2 ** 16 }], /a\/b\.json that is a link/],
    ['another name in front of the file', [{ ...one, localPath: 'a/c.json' }], /a header of a\/b\.json that differs from the list/],
    ['a header beyond the file', [{ ...one, shift: 10_000 }], /nothing where a\/b\.json should be/],
    ['two files of a name', [one, { ...one, path: 'A/B.json' }], /two files named A\/B\.json/],
    ...[
      '../b.json',
      'a/../../b',
      '/etc/b',
      'C:/b',
      'c:b',
      'a\\b',
      '..\\b',
      'a//b',
      'a/./b',
      'a\nb',
      'a\0',
      'a\u202egnp.json',
      'a:b',
      'a|b',
      'a?b',
      '',
      `${'a/'.repeat(300)}b`,
    ].map((path): [string, MadeEntry[], RegExp] => [
      `the path ${JSON.stringify(path).slice(0, 30)}`,
      [{ ...one, path }],
      /a file with the path/,
    ]),
  ])('%s', async (_, made, words) => {
    const streams = vi.spyOn(globalThis, 'DecompressionStream')
    const got = await outcome(madeZip(made))
    expect(got).toMatch(sentence)
    expect(got).toMatch(words)
    expect(streams).not.toHaveBeenCalled()
    streams.mockRestore()
  })

  it('more than 2 GiB in total, without reading them', async () => {
    const packed = new Uint8Array(2 ** 22)
    const made = many(3, { bytes: packed, method: 8, sizeBytes: 2 ** 30 - 1 })
    expect(await outcome(madeZip(made))).toMatch(/3\.00 GiB in packed files \(at most 2\.00 GiB\)/)
  })

  it('more files than an adapter or a model has', async () => {
    expect(await outcome(madeZip(many(10_001, { bytes: bytes('') })))).toMatch(/10001 files \(at most 10000\)/)
  })

  it('the shared cases', async () => {
    const at = (name: string) => new URL(`../../../shared/cases/${name}`, import.meta.url)
    if (!existsSync(at('zip-bomb/overlap.zip'))) return console.warn('skipped: ../shared/cases is absent')
    const got = (name: string) => outcome(new Uint8Array(readFileSync(at(name))))
    expect(await got('zip-bomb/overlap.zip')).toMatch(/several files over the same bytes/)
    expect(await got('zip-bomb/declared.zip')).toMatch(/a\/f0\.json that would be 1\.00 GiB, out of 4 bytes/)
    expect(await got('zip-crc/flipped.zip')).toMatch(/got a\/adapter_model\.safetensors damaged \(its checksum differs\)/)
  })
})

describe('refuses while it unpacks', () => {
  it.each<[string, Partial<MadeEntry>, RegExp]>([
    ['another checksum, stored', { crc: 1 }, /a\/b\.json damaged \(its checksum differs\)/],
    ['another checksum, deflated', { crc: 1, deflated: true }, /a\/b\.json damaged \(its checksum differs\)/],
    ['more than it declares', { deflated: true, sizeBytes: 30 }, /a\/b\.json with more than the 30 bytes it declares/],
    ['less than it declares', { deflated: true, sizeBytes: 300 }, /a\/b\.json with fewer than the 300 bytes it declares/],
    ['what is not packed at all', { method: 8 }, /a\/b\.json damaged/],
  ])('%s', async (_, change, words) => {
    expect(await outcome(madeZip([{ path: 'a/b.json', bytes: bytes(config), ...change }]))).toMatch(words)
  })

  it('a file that is much larger than declared, soon after the declared size', async () => {
    const entry = { path: 'a/b.json', bytes: new Uint8Array(2 ** 25).fill(97), deflated: true }
    const timed = async (zip: Uint8Array<ArrayBuffer>): Promise<[said: string, cpuUs: number]> => {
      const started = process.cpuUsage()
      const said = await outcome(zip)
      return [said, process.cpuUsage(started).user]
    }
    const [all, whole] = await timed(madeZip([entry]))
    expect(all.length).toBeGreaterThan(2 ** 25)
    const [said, stopped] = await timed(madeZip([{ ...entry, sizeBytes: 1000 }]))
    expect(said).toMatch(/with more than the 1000 bytes/)
    // All 32 MiB take more than 150 ms, 1000 bytes 15 ms.
    expect(stopped).toBeLessThan(whole / 2)
  })
})

describe('changed anywhere', () => {
  const whole = (change: Partial<MadeEntry>) =>
    madeZip([
      { path: 'a/adapter_config.json', bytes: bytes('{"r":8}'), ...change },
      { path: 'a/w.safetensors', bytes: Uint8Array.from({ length: 40 }, (_, i) => i * 7), ...change },
    ])
  const kinds: [string, Uint8Array<ArrayBuffer>][] = [
    ['stored', whole({})],
    ['deflated', whole({ deflated: true })],
    ['with numbers behind the content', whole({ flags: 8 })],
  ]

  it.each(kinds)(
    '%s: any flipped bit is refused, or changes nothing',
    async (_, zip) => {
      const right = await outcome(zip)
      expect(right).toContain('adapter_config.json')
      let refused = 0
      for (let bit = 0; bit < zip.length * 8; bit++) {
        const changed = zip.slice()
        changed[bit >> 3] ^= 1 << (bit & 7)
        const got = await outcome(changed)
        if (got === right) continue
        refused++
        expect(got, `bit ${bit}`).toMatch(sentence)
      }
      expect(refused).toBeGreaterThan(zip.length * 4)
    },
    60_000,
  )

  it.each(kinds)('%s: cut anywhere, it is refused', async (_, zip) => {
    for (let end = 0; end < zip.length; end++) expect(await outcome(zip.slice(0, end)), `at ${end}`).toMatch(sentence)
  })

  it('several changes and moved pieces give the same files or a sentence', async () => {
    const all = kinds.map(([, zip]) => zip)
    const rights = await Promise.all(all.map(outcome))
    const change = fc.record({
      at: fc.nat(1000),
      from: fc.nat(1000),
      length: fc.integer({ min: 1, max: 60 }),
      value: fc.option(fc.nat(255)),
    })
    const checked = fc.assert(
      fc.asyncProperty(fc.nat(2), fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), async (which, changes, grows) => {
        let zip = all[which].slice()
        for (const { at, from, length, value } of changes) {
          const place = at % zip.length
          if (value !== null) zip[place] = value
          else if (grows)
            zip = new Uint8Array([
              ...zip.subarray(0, place),
              ...zip.subarray(from % zip.length).subarray(0, length),
              ...zip.subarray(place),
            ])
          else zip.copyWithin(place, from % zip.length, (from % zip.length) + length)
        }
        const got = await outcome(zip)
        if (got !== rights[which]) expect(got).toMatch(sentence)
      }),
      { numRuns: 1500 },
    )
    await expect(checked).resolves.toBeUndefined()
  }, 60_000)
})
