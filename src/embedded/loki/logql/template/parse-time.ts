import { DAYS, fixedZone, type GoTime, goTime, LAYOUT, MONTHS, type Zone } from './time.ts'

/** Go's time.ParseInLocation; undefined when the text does not fit the layout. */
export function parseGoTime(layout: string, text: string, zone: Zone): GoTime | undefined {
  const found: Partial<Record<Field, string>> = {}
  let rest = text
  let from = 0
  for (const element of layout.matchAll(LAYOUT)) {
    const literal = layout.slice(from, element.index)
    if (!rest.startsWith(literal)) return undefined
    rest = rest.slice(literal.length)
    from = element.index + element[0].length
    const reader = READERS.find(([elements]) => elements.test(element[0]))
    if (reader === undefined) return undefined
    const match = reader[2].exec(rest)
    if (match === null) return undefined
    found[reader[1]] = match[0]
    rest = rest.slice(match[0].length)
    // A fraction may follow the seconds unasked.
    if (reader[1] === 'second' && !/^[.,][09]/.test(layout.slice(from))) {
      const fraction = /^[.,]\d+/.exec(rest)
      if (fraction !== null) {
        found.fraction = fraction[0]
        rest = rest.slice(fraction[0].length)
      }
    }
  }
  if (rest !== layout.slice(from)) return undefined
  return assemble(found, zone)
}

type Field =
  | 'year'
  | 'shortYear'
  | 'monthName'
  | 'month'
  | 'dayName'
  | 'day'
  | 'dayOfYear'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'half'
  | 'fraction'
  | 'zone'
  | 'zoneName'

const READERS: [elements: RegExp, field: Field, text: RegExp][] = [
  [/^2006$/, 'year', /^\d{4}/],
  [/^06$/, 'shortYear', /^\d\d/],
  [/^Jan/, 'monthName', new RegExp(`^(?:${MONTHS.join('|')}|${MONTHS.map((m) => m.slice(0, 3)).join('|')})`, 'i')],
  [/^01$/, 'month', /^\d\d/],
  [/^1$/, 'month', /^\d\d?/],
  [/^Mon/, 'dayName', new RegExp(`^(?:${DAYS.join('|')}|${DAYS.map((d) => d.slice(0, 3)).join('|')})`, 'i')],
  [/^02$/, 'day', /^\d\d/],
  [/^_?2$/, 'day', /^ ?\d\d?/],
  [/^(?:002|__2)$/, 'dayOfYear', /^ {0,2}\d{1,3}/],
  [/^15$/, 'hour', /^\d\d?/],
  [/^0?3$/, 'hour12', /^\d\d?/],
  [/^0?4$/, 'minute', /^\d\d?/],
  [/^0?5$/, 'second', /^\d\d?/],
  [/^pm$/i, 'half', /^[ap]m/i],
  [/^[.,]0/, 'fraction', /^[.,]\d+/],
  [/^[.,]9/, 'fraction', /^(?:[.,]\d+)?/],
  [/^[-Z]07/, 'zone', /^(?:Z|[-+]\d\d(?::?\d\d){0,2})/],
  [/^MST$/, 'zoneName', /^(?:[A-Z]{3,5}|[-+]\d\d(?:\d\d)?)/],
]

function assemble(found: Partial<Record<Field, string>>, zone: Zone): GoTime | undefined {
  const number = (field: Field, otherwise: number) => (found[field] === undefined ? otherwise : Number(found[field]))
  const short = number('shortYear', Number.NaN)
  const year = Number.isNaN(short) ? number('year', 0) : short + (short >= 69 ? 1900 : 2000)
  const named = MONTHS.findIndex((m) => m.slice(0, 3).toLowerCase() === found.monthName?.slice(0, 3).toLowerCase())
  const month = found.monthName === undefined ? number('month', 1) : named + 1
  const day = number('day', 1)
  let hour = number('hour', number('hour12', 0))
  const [minute, second] = [number('minute', 0), number('second', 0)]
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined
  if (found.half !== undefined) hour = (hour % 12) + (found.half.toLowerCase() === 'pm' ? 12 : 0)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1) return undefined
  if (found.dayOfYear !== undefined) date.setUTCFullYear(year, 0, number('dayOfYear', 1))
  date.setUTCHours(hour, minute, second)
  const local = date.getTime()
  const own = found.zone === undefined ? undefined : fixedZone(seconds(found.zone))
  const utc = /^(?:UTC|GMT)$/.test(found.zoneName ?? '') ? fixedZone(0, found.zoneName) : undefined
  const shown = own ?? utc ?? zone
  // The offset that holds at the local time: asked for twice, since a first guess may lie across a change.
  const guess = local - shown.offsetAt(local) * 1000
  const millis = local - shown.offsetAt(guess) * 1000
  const nanos = BigInt((found.fraction ?? '.').slice(1, 10).padEnd(9, '0'))
  return goTime(BigInt(millis) * 1_000_000n + nanos, shown)
}

function seconds(text: string): number {
  if (text === 'Z') return 0
  const [hours = '0', minutes = '0', rest = '0'] = text.slice(1).match(/\d\d/g) ?? []
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
  return text[0] === '-' ? -size : size
}
