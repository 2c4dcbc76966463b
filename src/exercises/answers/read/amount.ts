import { numberAt, theOne, valuesOf, wordsToDigits } from './number.ts'
import { plain, type Read, read, unfit, unreadable } from './read.ts'

const WHOLE = 'Write a whole number in digits, such as 8'

/** How many there are: `8`, `8 spans`, `eight`, `1,234`, `1.2k`, `none`. */
export function readCount(text: string): Read<number> {
  const bad = unfit(text)
  if (bad) return bad
  const given = wordsToDigits(
    plain(text)
      .toLowerCase()
      .replace(/ *\([a-z][a-z _-]*\)$/, ''),
  )
    .replace(/^[a-z][a-z _-]*[:=] *(?=\d)/, '')
    .replace(/^(?:there (?:is|are|were)\b|about|around|exactly|it'?s|i (?:saw|see|counted|count|got)\b|[~≈=]) */, '')
    .replace(/[.!?]$/, '')
  if (/^(none|no|nothing|nil)\b(?!.*\d)/.test(given)) return read(0)
  if (given.startsWith('-')) return unreadable('negative', 'is below zero, and no count is', WHOLE)
  const number = numberAt(given, 0)
  const rest = given.slice(number.length)
  // `512MB` has its unit close by; behind a k that may be thousands or part of a unit there must be a space.
  const unit = /^(k)?(?: [a-z][a-z _-]*)?$/.exec(rest) ?? /^()(?:x|[a-jl-z][a-z]+)$/.exec(rest)
  if (number === '') return unreadable('no-number', 'has no number in it', WHOLE)
  if (unit === null) {
    return /\d/.test(rest)
      ? unreadable('several', 'holds more than one number', WHOLE)
      : unreadable('bad-count', `has "${rest.trim()}" behind the number`, WHOLE)
  }
  if (
    /\b(percent|per cent|or|and|to|hundred|thousand|dozen|million|plus|minus|maybe|more|less|no|not|never|isn|wrong|false|incorrect)\b/.test(
      rest,
    )
  ) {
    return unreadable('bad-count', `has "${rest.trim()}" behind the number`, WHOLE)
  }
  // A count has no decimals: 1,234 is 1234, and 1.234 may be that too.
  const grouped = /^[1-9]\d{0,2}(?:,\d{3})+$/.test(number)
  const values = valuesOf(grouped ? number.replaceAll(',', '') : number)
  if (!values.ok) return values
  if (/[.,]\d{3,}$/.test(number) && !grouped) {
    return unreadable('not-whole', 'is no whole number, or has a point between its thousands', WHOLE)
  }
  const whole = values.value.map((value) => value * (unit[1] ? 1000 : 1)).filter((value) => Number.isSafeInteger(value))
  if (whole.length > 0) return theOne(whole, undefined, whole.map(String))
  return unreadable('not-whole', 'is no whole number', WHOLE)
}

const SHARES = 'Write it with its sign, such as 12.5%, or as parts of a whole, such as 1 of 8'

/** A share in percent: `12%`, `12,5 %`, `12 percent`, `3 of 25`, `3/25`. A bare number could be either, and is asked for. */
export function readPercent(text: string): Read<number> {
  const bad = unfit(text)
  if (bad) return bad
  const given = wordsToDigits(plain(text).toLowerCase()).replace(/^(?:about|around|roughly|exactly|[~≈=]) */, '')
  if (given.startsWith('-')) return unreadable('negative', 'is below zero', SHARES)
  const number = numberAt(given, 0)
  if (number === '') return unreadable('no-number', 'has no number in it', SHARES)
  const values = valuesOf(number)
  if (!values.ok) return values
  const rest = given.slice(number.length).trim()
  if (/^(%|percent|per cent|pct|prozent)\.?$/.test(rest)) {
    return theOne(
      values.value,
      undefined,
      values.value.map((value) => `${value}%`),
    )
  }
  const whole = /^(?:\/|of|out of|in) *(\d+)(?: [a-z]+)?$/.exec(rest)
  const [part] = values.value
  if (whole && values.value.length === 1 && Number(whole[1]) > 0 && part! <= Number(whole[1])) {
    return read((part! / Number(whole[1])) * 100)
  }
  if (rest === '') return unreadable('no-unit', `may be ${number}% or a share of 1`, SHARES)
  return unreadable('bad-share', `has "${rest.slice(0, 40)}" behind the number`, SHARES)
}

const PREFIXES = ['', 'k', 'm', 'g', 't'] as const
const SIZES = 'Write a number and its unit, such as 512 B, 20 kB (1000) or 20 KiB (1024)'

/** Bytes: `512`, `512 B`, `1.2 kB`, `1.2 MB` (1000 each), `1.2 MiB` (1024 each). */
export function readSize(text: string): Read<number> {
  const bad = unfit(text)
  if (bad) return bad
  const given = plain(text).replace(/^(?:about|around|roughly|exactly|[~≈=]) */i, '')
  if (given.startsWith('-')) return unreadable('negative', 'is below zero, and no size is', SIZES)
  const number = numberAt(given, 0)
  if (number === '') return unreadable('no-number', 'has no number in it', SIZES)
  const values = valuesOf(number)
  if (!values.ok) return values
  const unit = given.slice(number.length).trim()
  const factor = factorOf(unit)
  if (typeof factor !== 'number') return factor
  const bytes = values.value.map((value) => value * factor).filter((value) => factor > 1 || Number.isInteger(value))
  if (bytes.length === 0) return unreadable('not-whole', 'is no whole number of bytes', SIZES)
  return theOne(
    bytes,
    undefined,
    bytes.map((value) => `${value} B`),
  )
}

function factorOf(unit: string) {
  if (/^(|b|bytes?)$/i.test(unit) && unit !== 'b') return 1
  if (unit === 'b' || /^[kmgt]?i?bits?$/i.test(unit) || /^[KMGT]i?b$/.test(unit)) {
    return unreadable('bits', `has the unit ${unit}, which may be bits`, SIZES)
  }
  const parts = /^([kmgt])(i?)b(?:ytes?)?$/i.exec(unit)
  if (parts) return (parts[2] ? 1024 : 1000) ** PREFIXES.indexOf(parts[1]!.toLowerCase() as 'k')
  const word = /^(kilo|mega|giga|tera)bytes?$/i.exec(unit)
  if (word) return 1000 ** PREFIXES.indexOf(word[1]![0]!.toLowerCase() as 'k')
  if (/^[kmgt]$/i.test(unit)) {
    return unreadable('ambiguous', `has the unit ${unit}, which is 1000 to some programs and 1024 to others`, SIZES)
  }
  return unreadable('bad-unit', `has a unit ${unit}, which is none of size`, SIZES)
}
