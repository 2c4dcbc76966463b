import { plain, type Read, read, unreadable } from './read.ts'

export interface Choosable {
  /** By which scripts name it. */
  key: string
  text: string
}

const letterOf = (i: number) => String.fromCharCode(97 + i)
/** As it is compared: words only. */
const bareOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')

/** One of the choices: by its key, its letter or number in the order shown, or its text. */
export function readChoice<T extends Choosable>(text: string, choices: readonly T[]): Read<T> {
  const given = plain(text).toLowerCase()
  const letters = choices.map((_, i) => letterOf(i))
  const instead = `Write one of ${choices.map(({ key }, i) => `${letters[i]} (${key})`).join(', ')}`
  if (given === '') return unreadable('empty', 'is empty', instead)
  const byKey = choices.find(({ key }) => key.toLowerCase() === given || bareOf(key) === bareOf(given).trim())
  if (byKey) return read(byKey)
  const byText = choices.filter((one) => bareOf(one.text) === bareOf(given))
  if (byText.length === 1) return read(byText[0]!)
  const placed = /^(?:answer |option |choice )?\(?([a-z]|\d{1,2})[).:]?(?: +(.*))?$/.exec(given)
  if (placed) {
    const [, place, rest] = placed as unknown as [string, string, string?]
    const i = /\d/.test(place) ? Number(place) - 1 : place.charCodeAt(0) - 97
    const chosen = choices[i]
    // `b) its text`: both must mean the same.
    if (chosen && (rest === undefined || [bareOf(chosen.text), bareOf(chosen.key)].includes(bareOf(rest))))
      return read(chosen)
  }
  if (
    /[,;&+/ ]/.test(given) &&
    given
      .split(/\s*(?:,|;|&|\+|\/| and | or | )\s*/)
      .filter(Boolean)
      .every((one) => letters.includes(one) || choices.some(({ key }) => key.toLowerCase() === one))
  ) {
    return unreadable('several', 'is more than one choice', instead)
  }
  return unreadable('no-such-choice', 'is none of the choices', instead)
}
