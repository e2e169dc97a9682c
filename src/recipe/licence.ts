// The licence of a dataset, as the files beside its rows say: a card (README.md) with front matter, or the text of a licence.

interface NamedText {
  name: string
  text: string
}

/** How well-known licences begin, with their SPDX ids. The first that is found counts. */
const known: readonly (readonly [RegExp, string])[] = [
  [/\bMIT License\b|Permission is hereby granted, free of charge, to any person obtaining a copy/i, 'mit'],
  [/\bApache License\b[\s\S]{0,40}Version 2\.0/i, 'apache-2.0'],
  [/\bCC0 1\.0 Universal\b/i, 'cc0-1.0'],
  [/(Attribution-NonCommercial-ShareAlike|CC BY-NC-SA) 4\.0/i, 'cc-by-nc-sa-4.0'],
  [/(Attribution-NonCommercial-NoDerivatives|CC BY-NC-ND) 4\.0/i, 'cc-by-nc-nd-4.0'],
  [/(Attribution-NonCommercial|CC BY-NC) 4\.0/i, 'cc-by-nc-4.0'],
  [/(Attribution-ShareAlike|CC BY-SA) 4\.0/i, 'cc-by-sa-4.0'],
  [/(Attribution-NoDerivatives|CC BY-ND) 4\.0/i, 'cc-by-nd-4.0'],
  [/(Attribution|CC BY) 4\.0/i, 'cc-by-4.0'],
  [/GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3/i, 'agpl-3.0'],
  [/GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/i, 'lgpl-3.0'],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 3/i, 'gpl-3.0'],
  [/GNU GENERAL PUBLIC LICENSE\s+Version 2/i, 'gpl-2.0'],
  [/Open Data Commons Attribution License/i, 'odc-by'],
  [/Open Database License/i, 'odbl'],
]

/** Licence texts begin with their names; other words are not looked at. */
const headCharacters = 1500
const mostCharacters = 200

const isCard = (name: string): boolean => /^readme(\.md|\.markdown)?$/i.test(name)
const isLicence = (name: string): boolean => /^(license|licence|copying)(\.\w+)?$/i.test(name)

/** Whether a file may say the licence of the rows beside it. */
export const saysLicence = (name: string): boolean => isCard(name) || isLicence(name)

const unquoted = (text: string): string => text.trim().replace(/^(['"])(.*)\1$/, '$2')

/** `license:` of a card's front matter: a name, or a list of names. Hugging Face's `other` has its name in `license_name`. */
function licenceOfCard(text: string): string | undefined {
  const front = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1]
  if (front === undefined) return undefined
  const value = (key: string): string => unquoted(new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(front)?.[1].replace(/\s#.*$/, '') ?? '')
  const listed = /^license:[ \t]*\r?\n((?:[ \t]*-[ \t]*.+(?:\r?\n|$))+)/m.exec(front)?.[1]
  const items = listed?.split(/\r?\n/) ?? /^\[(.*)\]$/.exec(value('license'))?.[1].split(',')
  const names = items?.map((item) => unquoted(item.replace(/^\s*-/, ''))) ?? [value('license')]
  const found = names.filter(Boolean).join(', ')
  const name = found === 'other' ? value('license_name') || found : found
  return name === '' || name === 'unknown' ? undefined : name.slice(0, mostCharacters)
}

/** What the files say; a card comes before the text of a licence. A licence that is not known is named by its first words. */
export function licenceIn(files: readonly NamedText[]): string | undefined {
  for (const { name, text } of files) {
    const found = isCard(name) ? licenceOfCard(text) : undefined
    if (found !== undefined) return found
  }
  const text = files.find(({ name }) => isLicence(name))?.text.slice(0, headCharacters)
  if (text === undefined || text.trim() === '') return undefined
  const first = text.split('\n').find((line) => line.trim() !== '')
  return known.find(([pattern]) => pattern.test(text))?.[1] ?? first?.trim().slice(0, mostCharacters)
}
