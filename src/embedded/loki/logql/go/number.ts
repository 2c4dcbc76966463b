import { quote } from './quote.ts'

/** A number, or what Go's strconv says is wrong with its text. */
export type Parsed<T> = { value: T } | { error: string }

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
const HEX = /^([-+]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([-+]?\d+)$/
const INFINITE = /^([-+]?)inf(?:inity)?$/i

/** Go's strconv.ParseFloat: decimal and hexadecimal floats, Inf and NaN; nothing around it. */
export function parseFloat64(text: string): Parsed<number> {
  if (DECIMAL.test(text)) return inRange(Number(text), text)
  const infinite = INFINITE.exec(text)
  if (infinite !== null) return { value: infinite[1] === '-' ? -Infinity : Infinity }
  if (/^nan$/i.test(text)) return { value: Number.NaN }
  const bare = text.includes('_') ? withoutSeparators(text) : text
  if (bare !== undefined && bare !== text && DECIMAL.test(bare)) return inRange(Number(bare), text)
  const hex = bare === undefined ? null : HEX.exec(bare)
  if (hex !== null && hex[2]! + hex[3]! !== '') {
    const mantissa = Number.parseInt(hex[2]! + hex[3]!, 16)
    const value = mantissa * 2 ** (Number(hex[4]) - 4 * hex[3]!.length)
    return inRange(hex[1] === '-' ? -value : value, text)
  }
  return { error: `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax` }
}

function inRange(value: number, text: string): Parsed<number> {
  if (Number.isFinite(value)) return { value }
  return { error: `strconv.ParseFloat: parsing ${quote(text)}: value out of range` }
}

/** Separators stand between digits, or between a base prefix and a digit. */
function withoutSeparators(text: string): string | undefined {
  if (!/^[-+]?(?:0[xX])?/.test(text) || !/^(?:[^_]|(?<=[\da-fA-FxX])_(?=[\da-fA-F]))*$/.test(text)) return undefined
  return text.replaceAll('_', '')
}
