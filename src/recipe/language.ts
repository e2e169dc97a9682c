// Guesses the language of a text: by its script, by letters that only one language of a script has, and by function words.

/** Frequent short words of languages in Latin and Cyrillic script. A word that several languages have counts for each of them. */
const functionWords: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it for was on are as with his they at be this have from or had by not but what all were when your can said there use an each which she do how their if will a i am my me your his her him we us our does did has had than then them these those here some any no so up out about into over just get go make like one two would could should more most other because also very',
  de: 'der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man ich was',
  fr: 'le la les de des et à un une du en que qui dans il est pour pas sur au plus par ce ne se avec sont cette elle ses mais ou nous vous je leur être fait été aux son comme tout on',
  es: 'el la de que y los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde es en son fue',
  pt: 'o a de que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem é foi são está',
  it: 'di che il la e a per un in è non una sono da con le si come più del della al ma ha lo gli dei nel anche se alla ci o questo delle mi nella i su suo era essere dal ho',
  nl: 'de het een van en in is dat op te voor met zijn die niet aan er om ook als dan maar bij uit nog naar wordt door over ze heeft hij worden ik je wat zo geen hebben deze was kan tot',
  sv: 'och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år under också efter eller nu sin där vid mot ska skulle kommer ut vad hur',
  da: 'og i at det er en til på som for med af de den har ikke et kan der han var jeg fra vi om så men efter når også eller ud nu skal hvor blev være hun sig hvad mere meget af sin',
  no: 'og i det er på som en til for med at av ikke den har de et om han var jeg fra vi så men kan etter når også eller ut nå skal hvor ble være hun seg hva mer mye sin etter enn',
  fi: 'ja on ei että se oli hän mutta ovat kun niin myös joka sen tai kuin ole mitä vain jos voi nyt sitä hänen olla ne minä mukaan jo siitä kanssa sekä tämä ovat noin vielä',
  pl: 'i w na z do nie się to że jest o jak ale po co od za dla tak przez był czy już tylko ze jego są może ich tego oraz które który która jako być bardzo przed ma go mnie',
  cs: 'a v na se je že to s z do o i pro jako by ale za po jsou jeho aby které už nebo od být který co byl jak také ve bylo jen při podle však jsem má více jejich než',
  ro: 'și de în la a cu pe că nu o un din este se mai pentru care au fost ca sau dar după prin lui sunt fi această ei ale cele lor între acest când fără avea era și-a',
  hu: 'a az és hogy nem is egy ez volt meg de ha már csak mint el vagy ki még azt van lehet pedig majd lesz kell be minden sem nagyon aki amely ezt most ami után között fel le',
  tr: 've bir bu da de için ile çok daha olarak en gibi olan o ne kadar sonra var ben ama her ya mi değil oldu ki şey bunu olduğunu ise veya onun bana nasıl',
  id: 'yang dan di dengan ini untuk dari dalam tidak itu pada akan ke juga saya ada adalah mereka oleh bisa kami sebagai atau dia karena sudah telah anda lebih kita seorang dapat bahwa',
  vi: 'và của là có được cho không các một trong với những người này khi đã để ra về như từ đó cũng tôi ở vào nhiều sự phải đến năm trên lại theo sẽ',
  ru: 'и в не на я что он с как это по но она к у мы за из вы так же от его о для был бы только если все они когда её или уже нет чтобы до ещё быть',
  uk: 'і в не на я що він з як це по але вона до у ми за ви так від його про для був би тільки якщо всі вони коли її або вже немає щоб ще бути та є які',
  bg: 'и в не на аз че той с как това по но тя към у ние за от вие така го бил би само ако всички те когато или вече няма да ще е са се който която си със',
}

/** Scripts whose languages are told by their letters alone: a pattern, its language, and letters that only another language has. */
const scripts: readonly { letters: RegExp; code: string; unless?: [RegExp, string] }[] = [
  {
    letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
    code: 'zh',
    unless: [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  },
  { letters: /\p{Script=Hangul}/gu, code: 'ko' },
  { letters: /\p{Script=Arabic}/gu, code: 'ar', unless: [/[پچژگ]/u, 'fa'] },
  { letters: /\p{Script=Hebrew}/gu, code: 'he' },
  { letters: /\p{Script=Greek}/gu, code: 'el' },
  { letters: /\p{Script=Devanagari}/gu, code: 'hi' },
  { letters: /\p{Script=Thai}/gu, code: 'th' },
]

export const languages: readonly string[] = [
  ...new Set([...Object.keys(functionWords), ...scripts.flatMap(({ code, unless }) => [code, ...(unless ? [unless[1]] : [])])]),
].sort()

/** Characters of a text that are looked at; different function words that a guess needs. */
const [longest, leastWords] = [5000, 3]

const languagesOf = new Map<string, string[]>()
for (const [code, words] of Object.entries(functionWords))
  for (const word of new Set(words.split(' '))) languagesOf.set(word, [...(languagesOf.get(word) ?? []), code])

/** The code of the language (ISO 639-1) that the beginning of a text is in; undefined if that is not clear. */
export function languageOf(text: string): string | undefined {
  const begin = text.slice(0, longest)
  const letters = begin.match(/\p{L}/gu)?.length ?? 0
  for (const { letters: own, code, unless } of scripts)
    if (2 * (begin.match(own)?.length ?? 0) > letters) return unless?.[0].test(begin) ? unless[1] : code
  return byWords(begin)
}

/** The language with the most different function words in the text. */
function byWords(text: string): string | undefined {
  const counts = new Map<string, number>()
  for (const word of new Set(text.toLowerCase().match(/\p{L}+/gu)))
    for (const code of languagesOf.get(word) ?? []) counts.set(code, (counts.get(code) ?? 0) + 1)
  const [[best, count], second] = [...counts, ['', 0] as const].sort((a, b) => b[1] - a[1])
  return count >= leastWords && count > (second?.[1] ?? 0) ? best : undefined
}
