import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { UnsupportedError } from '../config/errors'
import type { ChatMessage } from './chat-message'
import { renderChat } from './chat-template'
import { directRenderer } from './template-renderer'

const grown = (start: string, step: string, then: string, rounds = 60) =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(${rounds}) %}{% set ns.x = ${step} %}{% endfor %}{{ ${then} }}`
const again = (expression: string, rounds = 1000) =>
  `{% set big = range(100000) %}{% for i in range(${rounds}) %}{{ ${expression} }}{% endfor %}`

/** Templates that would take minutes, or more memory than there is. */
const hostile: Record<string, string> = {
  'a list that doubles': grown('[1,2,3,4]', 'ns.x + ns.x', 'ns.x | length'),
  'a text that doubles': grown('"abcd"', 'ns.x + ns.x', 'ns.x | length'),
  'a text that doubles by ~': grown('"abcd"', 'ns.x ~ ns.x', 'ns.x | upper'),
  'a text that doubles by join': grown('"abcd"', '[ns.x, ns.x] | join("-")', 'ns.x | length'),
  'a text that grows by replace': grown('"aaaa"', 'ns.x.replace("a", "aaaa")', 'ns.x | length'),
  'a text that grows by repr': grown('["a"]', '[ns.x, ns.x]', 'ns.x'),
  'a value written as JSON': grown('["a"]', '[ns.x, ns.x]', 'ns.x | tojson | length'),
  'a value that is compared': grown('["a"]', '[ns.x, ns.x]', 'ns.x == [ns.x, ns.x]'),
  'a value that is thrown': grown('["a"]', '[ns.x, ns.x]', 'raise_exception(ns.x)'),
  'a value in itself': '{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}',
  'a filter block that doubles':
    grown('"abcd"', 'ns.x + ns.x', 'ns.x', 22) + `{% filter replace("a", "${'b'.repeat(1000)}") %}{{ ns.x }}{% endfilter %}`,
  'a method join that doubles': grown('"abcd"', '"-".join([ns.x, ns.x])', 'ns.x | count'),
  'text as a list': `${grown('"abcd"', 'ns.x + ns.x', '""', 22)}{{ ns.x | list | length }}`,
  sort: '{% for i in range(1000) %}{{ range(100000) | sort | length }}{% endfor %}',
  'sort of long texts': `${grown('"abcd"', 'ns.x + ns.x', '""', 14)}{% set l = namespace(x=[ns.x]) %}{% for i in range(12) %}{% set l.x = l.x + l.x %}{% endfor %}{% for i in range(1000) %}{{ l.x | sort | length }}{% endfor %}`,
  unique: again('big | unique | length'),
  'list membership': again('-1 in big'),
  'loops in loops': '{% for i in range(90000) %}{% for j in range(90000) %}{% set a = i * j %}{% endfor %}{% endfor %}',
  'an indent of a billion': '{{ "a\nb" | indent(1000000000) | length }}',
  'JSON with an indent of a hundred million': '{{ [1] | tojson(indent=100000000) | length }}',
  'a macro that calls itself': '{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}',
  'text that is split': `${grown('"a "', 'ns.x + ns.x', '""', 22)}{% for i in range(1000) %}{{ ns.x.split(" ") | length }}{% endfor %}`,
  'text that is searched': `${grown('"aaaa"', 'ns.x + ns.x', '""', 21)}{% for i in range(1000) %}{{ (ns.x[:1000000] ~ "b") in ns.x }}{% endfor %}`,
  'text gone through': `${grown('"abcd"', 'ns.x + ns.x', '""', 22)}{% for c in ns.x %}{{ c }}{% endfor %}`,
  'text printed often': `${grown('"abcd"', 'ns.x + ns.x', '""', 20)}{% for i in range(100000) %}{{ ns.x }}{% endfor %}`,
  'its own text in a loop': `{% for i in range(100000) %}${'x'.repeat(100_000)}{% endfor %}`,
  'a longer template than any': '{{ 1 }}'.repeat(50_000),
  dates: '{% for i in range(100000) %}{{ strftime_now("%b%B%a%A%b%B%a%A") }}{% endfor %}',
  'white space': `{{ 1 }}${' '.repeat(500_000)}x`,
  brackets: `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`,
  'a long sum': `{{ ${'1+'.repeat(50_000)}1 }}`,
}

const talk: ChatMessage[] = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
]

const errorOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('a hostile chat template', () => {
  it.each(Object.entries(hostile))('is stopped: %s', (_, template) => {
    const started = process.cpuUsage()
    const error = errorOf(() => renderChat(template, talk))
    expect(error).toBeInstanceOf(UnsupportedError)
    expect((error as Error).message).toMatch(/^chat template: expected .*, got .*\. Use another model/)
    // Its own half second, and what a slow processor adds; processor time, since others may be at work beside.
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000)
  })
  const cases = '../shared/cases/template-slow'
  const here = existsSync(cases)
  if (!here) console.warn(`skipped: ${cases} is not there`)
  it.runIf(here).each(['sort', 'doubling'])('of the cases is stopped: %s', async (name) => {
    const template = readFileSync(`${cases}/${name}.jinja`, 'utf8')
    await expect(directRenderer(template).render([{ messages: talk, want: [1] }])).rejects.toThrow(/chat template: expected/)
  })
})

describe('an ordinary chat template', () => {
  const ordinary = `{% set ns = namespace(text='', roles=[]) %}{% for m in messages %}{% set ns.roles = ns.roles + [m.role] %}{% set body = m.content | trim %}{% if '</think>' in body %}{% set body = body.split('</think>')[-1] %}{% endif %}{% set ns.text = ns.text + '<|' + m.role + '|>' + body.replace('a', 'b') + '<|end|>' %}{% endfor %}{{ ns.text }}`
  it('may be used for any number of rows', async () => {
    const jobs = Array.from({ length: 1000 }, () => ({ messages: talk, want: [1] }))
    const results = await directRenderer(ordinary).render(jobs)
    expect(results.every((result) => 'text' in result)).toBe(true)
  }, 60_000)
  it('may have a long text, and many turns', () => {
    const long = 'a word '.repeat(500_000)
    expect(renderChat(ordinary, [{ role: 'user', content: long }])).toHaveLength(long.trim().length + 15)
    const turns = Array.from({ length: 2000 }, (_, i) => ({ role: i % 2 ? 'assistant' : 'user', content: `Turn ${i}, `.repeat(20) }))
    expect(renderChat(ordinary, turns).split('<|end|>')).toHaveLength(2001)
  }, 60_000)
})
