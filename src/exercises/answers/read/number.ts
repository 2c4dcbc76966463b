import { type Read, read, unreadable } from './read.ts'

/** A run of what numbers are written with, thousands apart by spaces included. */
const RUN = /[\d.,'_]*\d[\d.,'_]*(?: \d{3}(?![\d])[\d.,'_]*)*(?:e[+-]?\d+)?/iy

/** The text of the number that begins at `at`; '' when none does. */
export function numberAt(text: string, at: number): string {
  RUN.lastIndex = at
  return RUN.exec(text)?.[0] ?? ''
}

/**
 * Every value that the text of a number may mean. `1,234` may be 1.234 or 1234, and both are given; a point is the
 * decimal mark wherever it stands alone, as in all that this lab prints.
 */
export function valuesOf(text: string): Read<number[]> {
  const [, mantissa, exponent = '0'] = /^(.*?)(?:e([+-]?\d+))?$/i.exec(text)!
  const values = mantissasOf(mantissa!)
  if (values === undefined) {
    return unreadable(
      'bad-number',
      `has ${text}, which is no number that can be read in one way`,
      'Write it with one decimal point and without marks between thousands, such as 1234.5',
    )
  }
  const scaled = values.map((value) => Number(`${value}e${Number(exponent)}`))
  if (scaled.every((value) => Number.isFinite(value) && value <= Number.MAX_SAFE_INTEGER * 1e6)) return read(scaled)
  return unreadable('bad-number', `has ${text}, which is larger than anything here`)
}

/** As decimal literals, so that an exponent does not add a rounding of its own. */
function mantissasOf(text: string): string[] | undefined {
  if (/^\d+\.?$|^\d*\.\d+$/.test(text)) return [text]
  const comma = /^(\d*),(\d+)$/.exec(text)
  if (comma) {
    const [, whole, part] = comma as unknown as [string, string, string]
    const decimal = `${whole || '0'}.${part}`
    return part.length === 3 && /^[1-9]\d{0,2}$/.test(whole) ? [decimal, whole + part] : [decimal]
  }
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(text)) return [text.replaceAll(',', '')]
  if (/^[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(text)) return [text.replaceAll('.', '').replace(',', '.')]
  if (/^[1-9]\d{0,2}([ '_])\d{3}(\1\d{3})*([.,]\d+)?$/.test(text)) {
    return [text.replaceAll(/[ '_]/g, '').replace(',', '.')]
  }
  return undefined
}

/** The one of several values that the question allows; what to write when that is not one. */
export function theOne(values: readonly number[], within: Within | undefined, ways: readonly string[]): Read<number> {
  if (values.every((value) => value === values[0])) return read(values[0]!)
  const possible = within ? values.filter((value) => value >= within[0] && value <= within[1]) : values
  const distinct = [...new Set(possible)]
  if (distinct.length === 1) return read(distinct[0]!)
  return unreadable('ambiguous', `may be ${ways.join(' or ')}`, `Write which: ${ways.join(' or ')}`)
}

/** The least and the most that an answer to this question can be, whatever the right one is. */
export type Within = readonly [low: number, high: number]

const DIGIT_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )

/** `two seconds` -> `2 seconds`; words for larger numbers are left as they are. */
export function wordsToDigits(text: string): string {
  return text.replaceAll(/[a-z]+/g, (word) => {
    const value = DIGIT_WORDS.indexOf(word)
    return value === -1 ? word : String(value)
  })
}
