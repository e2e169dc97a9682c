// Chat templates as an enemy writes them, from a seed. Each is stopped or refused with a sentence, or renders within its budget.
import { seededRandom } from '../../src/data/random'

interface HostileTemplate {
  kind: string
  template: string
  /** `refused`: it must be stopped with a sentence. `harmless`: it must render, and show nothing of the program around it. `either`: one of both. */
  ends: 'refused' | 'harmless' | 'either'
}

type Choose = <T>(choices: readonly T[]) => T
type Size = (least: number, most: number) => number
type Make = (of: Choose, size: Size) => Omit<HostileTemplate, 'kind'>

const grown = (start: string, step: string, then: string, rounds = 60): string =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(${rounds}) %}{% set ns.x = ${step} %}{% endfor %}{{ ${then} }}`
const times = (body: string, rounds: number): string => `{% for i in range(${rounds}) %}${body}{% endfor %}`
const refused = (template: string): Omit<HostileTemplate, 'kind'> => ({ template, ends: 'refused' })
const harmless = (template: string): Omit<HostileTemplate, 'kind'> => ({ template, ends: 'harmless' })
const either = (template: string): Omit<HostileTemplate, 'kind'> => ({ template, ends: 'either' })

const loops: Record<string, Make> = {
  'nested loops': (of, size) =>
    refused(times(times(of(['{{ i }}', '{% set a = i %}', 'x', '']), size(5000, 100_000)), size(5000, 100_000))),
  'many nested loops': (_, size) =>
    refused(Array.from({ length: size(6, 30) }, () => '{% for i in range(50) %}').join('') + 'x' + '{% endfor %}'.repeat(0)),
  'a loop over turns in a loop': (_, size) =>
    refused(times('{% for m in messages %}{{ m.content }}{% endfor %}', 100_000).repeat(size(3, 20))),
  'a range beyond all': (of) =>
    refused(`{% for i in range(${of(['100001', '1e9 | int', '99999999999999999999', '10 ** 18', '0, 1e18 | int, 1'])}) %}x{% endfor %}`),
  'a range with a strange step': (of) => either(`{% for i in range(0, 10, ${of(['0', '-1', '0.0000001', '"a"', 'none'])}) %}x{% endfor %}`),
  'a condition in a loop': (_, size) =>
    refused(times('{% if i % 2 == 0 and (i * i) % 3 == 1 %}a{% elif i > 5 %}b{% else %}c{% endif %}', 100_000).repeat(size(4, 10))),
  'a filtered loop': () => refused(times('{% for j in range(100000) if j < 0 %}x{% endfor %}', 1000)),
  'loop variables': () => refused(times(times('{{ loop.index }}{{ loop.previtem }}{{ loop.nextitem }}', 100_000), 1000)),
}

const growth: Record<string, Make> = {
  'a list that doubles': (of) =>
    refused(grown('[1,2,3,4]', 'ns.x + ns.x', of(['ns.x | length', 'ns.x | first', 'ns.x | tojson | length']))),
  'a text that doubles': (of) =>
    refused(grown('"abcd"', of(['ns.x + ns.x', 'ns.x ~ ns.x', '[ns.x, ns.x] | join', '"-".join([ns.x, ns.x])']), 'ns.x | length')),
  'a text that grows by replace': (of) =>
    refused(grown('"aaaa"', of(['ns.x.replace("a", "aaaa")', 'ns.x | replace("a", "aaaa")', 'ns.x.replace("", ns.x)']), 'ns.x | length')),
  'a value in itself many times': (of) =>
    refused(
      grown(
        '["a"]',
        '[ns.x, ns.x]',
        of(['ns.x', 'ns.x | tojson', 'ns.x | string | length', 'ns.x == [ns.x, ns.x]', 'raise_exception(ns.x)']),
      ),
    ),
  'an object in itself many times': (of) =>
    refused(grown('{"a": 1}', '{"a": ns.x, "b": ns.x}', of(['ns.x', 'ns.x | tojson', 'ns.x | string']))),
  'a namespace in itself': () => refused('{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}'),
  'a text of a large number': (_, size) => either(`{{ "a" * ${size(1000, 2 ** 30)} }}`),
  'an indent without end': (of) =>
    refused(
      `{{ ${of(['"a\\nb" | indent(1000000000)', '[1] | tojson(indent=100000000)', '{"a":[1]} | tojson(indent=999999999)'])} | length }}`,
    ),
  'separators of millions': () =>
    refused(`${grown('"abcd"', 'ns.x + ns.x', '""', 20)}{{ range(100000) | tojson(separators=[ns.x, ns.x]) | length }}`),
  'a join of millions': () => refused(`${grown('"abcd"', 'ns.x + ns.x', '""', 20)}{{ range(100000) | join(ns.x) | length }}`),
  'a long text printed often': () => refused(`${grown('"abcd"', 'ns.x + ns.x', '""', 20)}${times('{{ ns.x }}', 100_000)}`),
  'a block set again and again': () =>
    refused(
      `{% set ns = namespace(x="ab") %}${times('{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}', 60)}{{ ns.x | length }}`,
    ),
  'a filter block that doubles': () =>
    refused(grown('"abcd"', 'ns.x + ns.x', '""', 21) + `{% filter replace("a", "${'b'.repeat(1000)}") %}{{ ns.x }}{% endfilter %}`),
  'its own text in a loop': (_, size) => refused(times('x'.repeat(size(20_000, 100_000)), 100_000)),
}

const work: Record<string, Make> = {
  sorting: (of) =>
    refused(
      times(
        `{{ range(100000) | ${of(['sort', 'sort(reverse=true)', 'unique', 'reverse | list', 'map("string") | list', 'select("odd") | list'])} | length }}`,
        1000,
      ),
    ),
  'sorting long texts': () =>
    refused(
      `${grown('"abcd"', 'ns.x + ns.x', '""', 14)}{% set l = namespace(x=[ns.x]) %}{% for i in range(12) %}{% set l.x = l.x + l.x %}{% endfor %}${times('{{ l.x | sort | length }}', 1000)}`,
    ),
  splitting: (of) =>
    refused(`${grown('"a "', 'ns.x + ns.x', '""', 21)}${times(`{{ ns.x.split(${of(['" "', '', '"a"'])}) | length }}`, 1000)}`),
  searching: (of) =>
    refused(
      `${grown('"aaaa"', 'ns.x + ns.x', '""', 21)}${times(of(['{{ (ns.x[:1000000] ~ "b") in ns.x }}', '{{ ns.x.find(ns.x[:1000000] ~ "b") }}', '{{ ns.x.count("a") }}', '{{ ns.x.replace(ns.x[:1000] ~ "b", "") | length }}']), 1000)}`,
    ),
  membership: (of) =>
    refused(`{% set big = range(100000) %}${times(`{{ ${of(['-1 in big', '"x" not in big', 'big == big + [1]'])} }}`, 1000)}`),
  slices: (of) =>
    refused(`${grown('"abcd"', 'ns.x + ns.x', '""', 20)}${times(`{{ ns.x[${of(['::-1', '1:', '::2', ':-1'])}] | length }}`, 1000)}`),
  'strange slices': (of) =>
    either(`{{ ("abc" * 3)[${of(['::0', '1e999:', '-99999999999999999999:', 'none:none:none', '"a":', '99999999:'])}] }}`),
  'text gone through': () => refused(`${grown('"abcd"', 'ns.x + ns.x', '""', 22)}{% for c in ns.x %}{{ c }}{% endfor %}`),
  dates: (of) => refused(times(`{{ strftime_now("${of(['%b', '%A', '%Y%m%d'])}${'%b%B'.repeat(10)}") }}`, 100_000)),
  'a date of millions': () => refused(`${grown('"%B%b"', 'ns.x + ns.x', 'strftime_now(ns.x) | length', 20)}`),
  'strange format texts': (of) =>
    either(
      `{{ "${of(['%s', '%999999999d', '{}', '{0:>999999999}', '%c%c'])}" | format(1) }}{{ "${of(['{:>999999999}', '%s'])}".format(1) }}`,
    ),
  'titles and trims': (of) =>
    refused(
      `${grown('"a b "', 'ns.x + ns.x', '""', 20)}${times(`{{ ns.x | ${of(['title', 'capitalize', 'trim', 'upper', 'lower'])} | length }}`, 1000)}`,
    ),
  'white space to be stripped': (of) =>
    refused(
      `${grown('"    "', 'ns.x + ns.x', '""', 20)}${times(`{{ ("a" ~ ns.x ~ "b")${of(['.strip()', '.rstrip()', '.lstrip()', ' | trim'])} | length }}`, 1000)}`,
    ),
  'powers and divisions': (of) =>
    either(`{{ ${of(['2 ** 100000', '10 ** 10 ** 10', '1 / 0', '1 // 0', '1 % 0', '-1 % 0.1', '1e308 * 10'])} }}`),
}

const structure: Record<string, Make> = {
  'a macro that calls itself': (of) =>
    refused(
      `{% macro f(n) %}${of(['{{ f(n) }}', '{{ f(n) }}{{ f(n) }}', '{{ f(n + 1) }}x', '{% if true %}{{ f(n) }}{% endif %}'])}{% endmacro %}{{ f(1) }}`,
    ),
  'macros that call each other': () =>
    refused('{% macro f(n) %}{{ g(n) }}{% endmacro %}{% macro g(n) %}{{ f(n) }}{% endmacro %}{{ f(1) }}'),
  'a caller that calls itself': () =>
    either('{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}{% call f() %}{{ f() }}{% endcall %}{% endcall %}'),
  'macros in a loop': () => refused(times(times('{% macro f(n) %}{{ n }}{% endmacro %}{{ f(i) }}', 100_000), 10)),
  brackets: (_, size) => refused(`{{ ${'('.repeat(size(1000, 60_000))}1${')'.repeat(0)} }}`),
  'balanced brackets': (of, size) => {
    const [n, [open, close]] = [
      size(1000, 60_000),
      of([
        ['(', ')'],
        ['[', ']'],
        ['{"a":', '}'],
        ['not (', ')'],
      ]),
    ]
    return refused(
      `{{ ${open.repeat(Math.min(n, 120_000 / (open.length + 1)))}1${close.repeat(Math.min(n, 120_000 / (open.length + 1)))} }}`,
    )
  },
  'blocks in blocks': (of, size) => {
    const [open, close] = of([
      ['{% if true %}', '{% endif %}'],
      ['{% for i in [1] %}', '{% endfor %}'],
    ])
    const n = Math.min(size(600, 10_000), Math.floor(120_000 / (open.length + close.length)))
    return refused(open.repeat(n) + close.repeat(n))
  },
  'a long sum': (of, size) => refused(`{{ ${`1${of(['+', '*', '-', '~', ' and ', ' or '])}`.repeat(size(2000, 20_000))}1 }}`),
  'a chain of members': (of, size) => either(`{{ messages${of(['.a', '[0]', '["a"]', '|list']).repeat(size(600, 15_000))} }}`),
  'many variables': (_, size) => either(Array.from({ length: size(1000, 6000) }, (_, i) => `{% set v${i} = ${i} %}`).join('')),
  'many arguments': (_, size) =>
    either(`{% macro f(${Array.from({ length: size(100, 5000) }, (_, i) => `a${i}`).join()}) %}{{ a0 }}{% endmacro %}{{ f(1) }}`),
  'many namespaces': () => refused(times(times('{% set ns = namespace(a=1, b=2, c=[1,2,3]) %}{% set ns.a = ns.b %}', 100_000), 10)),
  'longer than any': (_, size) => refused('{{ 1 }}'.repeat(size(20_000, 200_000))),
  'white space': (of, size) => refused(`{{ 1 }}${of([' ', '\n', '\t']).repeat(size(20_000, 1_000_000))}x{{ 1 }}`),
  'broken Jinja': (of) =>
    refused(
      of([
        '{{',
        '{% if %}',
        '{% for x %}{% endfor %}',
        '{{ 1 + }}',
        '{% endfor %}',
        '{{ "a }}',
        '{% set = 1 %}',
        '{% unknown %}',
        '{{ a | }}',
        '{% macro %}',
        '{% raw %}',
        '\0{{',
        '{{ \ud800 }}',
      ]),
    ),
  'an unknown filter or function': (of) =>
    refused(
      `{{ ${of(['1 | nofilter', 'nofunction()', '"a".nomethod()', 'messages | map("nofilter") | list', '1 is notest', 'messages.x.y.z()'])} }}`,
    ),
  'its own refusal': (of) => refused(`{{ raise_exception(${of(['"no"', '""', 'messages', '"\\u001b[31m"'])}) }}`),
}

const reach: Record<string, Make> = {
  'attributes of the program': (of) => {
    const start = of(['messages', '"a"', '1', '{}', '[]', 'range', 'namespace()', 'messages[0].content', 'true', 'none'])
    const path = of([
      '.constructor',
      '.__proto__',
      '["constructor"]',
      '["__proto__"]',
      '.prototype',
      '.toString',
      '.valueOf',
      '.__class__',
      '.__class__.__mro__',
      '.constructor.constructor',
      '.__globals__',
      '.caller',
      '.arguments',
    ])
    return either(`{{ ${start}${path} }}`)
  },
  'calls of the program': (of) =>
    either(
      `{{ ${of(['messages.constructor("return this")()', '"".constructor.constructor("return process")()', 'range.constructor("return 1")()', 'messages.__proto__.x', 'self.__init__', 'cycler.__init__.__globals__.os', 'lipsum.__globals__', 'request.application', 'config.items()', 'process.exit()', 'globalThis', 'require("fs")', 'import("fs")'])} }}`,
    ),
  'fields of prototypes': (of) =>
    either(
      `{% set ns = namespace() %}{% set ns.${of(['__proto__', 'constructor', 'polluted'])} = {"polluted": true} %}{{ ns.polluted }}{% set x = {"__proto__": {"polluted": true}} %}{{ x.polluted }}`,
    ),
  'names of the program': (of) =>
    either(
      `{% set ${of(['messages', 'tabtune_turn_begins', 'range', 'raise_exception', 'true', 'namespace', 'loop'])} = 1 %}{% for m in messages %}{{ m }}{% endfor %}`,
    ),
  'an import': (of) =>
    refused(of(['{% include "/etc/passwd" %}', '{% import "os" as os %}{{ os }}', '{% extends "base" %}', '{% from "x" import y %}'])),
  'marks of its own': () => harmless('{% for m in messages %}{{ m.content }}\ue000\ue0000[{% endfor %}'),
}

const kinds = Object.entries({ ...loops, ...growth, ...work, ...structure, ...reach })

/** A prime number, so every kind has its turn; neighbouring seeds get kinds far apart, so a small sample has some of each group. */
const stride = 101

/** The template of a seed; kinds take turns. */
export function hostileTemplate(seed: number): HostileTemplate {
  const random = seededRandom(seed)
  const [kind, make] = kinds[(seed * stride) % kinds.length]
  const of: Choose = (choices) => choices[Math.floor(random() * choices.length)]
  return { kind, ...make(of, (least, most) => Math.round(least * (most / least) ** random())) }
}
