import { table } from './table.ts'
import { wallOffset } from './time-zone.ts'

// The collector's strptime: C's directives, with some of its own (coreinternal/timeutils). A time is told in nanoseconds.

export interface ZonedTime {
  ns: bigint
  offsetMinutes: number
  zone: string
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3))

/** What stands for several others. */
const WHOLE: Record<string, string> = table({
  D: '%m/%d/%Y',
  x: '%m/%d/%Y',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  r: '%I:%M:%S %P',
  R: '%H:%M',
  c: '%a %b %d %H:%M:%S %Y',
  n: '\n',
  t: '\t',
})

interface Clock {
  date: Date
  nanos: bigint
  offsetMinutes: number
  zone: string
}

const two = (value: number) => String(value).padStart(2, '0')
const hour12 = (date: Date) => date.getUTCHours() % 12 || 12

function offsetText(minutes: number, colon: string, seconds = ''): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}${seconds}`
}

const fraction = (clock: Clock, digits: number) => String(clock.nanos).padStart(9, '0').slice(0, digits)

const WRITE: Record<string, (clock: Clock) => string> = table({
  Y: ({ date }) => String(date.getUTCFullYear()).padStart(4, '0'),
  y: ({ date }) => two(date.getUTCFullYear() % 100),
  m: ({ date }) => two(date.getUTCMonth() + 1),
  o: ({ date }) => String(date.getUTCMonth() + 1).padStart(2),
  q: ({ date }) => String(date.getUTCMonth() + 1),
  b: ({ date }) => short(MONTHS)[date.getUTCMonth()]!,
  h: ({ date }) => short(MONTHS)[date.getUTCMonth()]!,
  B: ({ date }) => MONTHS[date.getUTCMonth()]!,
  d: ({ date }) => two(date.getUTCDate()),
  e: ({ date }) => String(date.getUTCDate()).padStart(2),
  g: ({ date }) => String(date.getUTCDate()),
  a: ({ date }) => short(DAYS)[date.getUTCDay()]!,
  A: ({ date }) => DAYS[date.getUTCDay()]!,
  H: ({ date }) => two(date.getUTCHours()),
  I: ({ date }) => two(hour12(date)),
  l: ({ date }) => String(hour12(date)),
  p: ({ date }) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: ({ date }) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  M: ({ date }) => two(date.getUTCMinutes()),
  S: ({ date }) => two(date.getUTCSeconds()),
  // Go's 999 drops zeroes at the end, and is the point's own where one stands before it.
  L: (clock) => fraction(clock, 3),
  f: (clock) => fraction(clock, 6),
  s: (clock) => fraction(clock, 9),
  z: ({ offsetMinutes }) => (offsetMinutes === 0 ? 'Z' : offsetText(offsetMinutes, '')),
  Z: ({ zone }) => zone,
  i: ({ offsetMinutes }) => offsetText(offsetMinutes, '').slice(0, 3),
  j: ({ offsetMinutes }) => offsetText(offsetMinutes, ':'),
  k: ({ offsetMinutes }) => offsetText(offsetMinutes, ':', ':00'),
  w: ({ offsetMinutes }) => offsetText(offsetMinutes, '', '00'),
})

const names = (list: readonly string[]) => `(${list.join('|')})`

/** How each directive may look in a text; digits may lack their zeroes. */
const READ: Record<string, string> = table({
  Y: '(\\d{4})',
  y: '(\\d{2})',
  m: '(\\d{1,2})',
  o: '(\\d{1,2})',
  q: '(\\d{1,2})',
  b: names(short(MONTHS)),
  h: names(short(MONTHS)),
  B: names(MONTHS),
  d: '(\\d{1,2})',
  e: '(\\d{1,2})',
  g: '(\\d{1,2})',
  a: names(short(DAYS)),
  A: names(DAYS),
  H: '(\\d{1,2})',
  I: '(\\d{1,2})',
  l: '(\\d{1,2})',
  p: '(AM|PM|am|pm)',
  P: '(AM|PM|am|pm)',
  M: '(\\d{1,2})',
  S: '(\\d{1,2}(?:[.,]\\d+)?)',
  L: '(\\d{1,9})',
  f: '(\\d{1,9})',
  s: '(\\d{1,9})',
  z: '(Z|[-+]\\d{2}:?\\d{2}(?::?\\d{2})?|[-+]\\d{2})',
  Z: '([A-Z]{3,5}|[-+]\\d{2,4})',
  i: '([-+]\\d{2})',
  j: '([-+]\\d{2}:\\d{2})',
  k: '([-+]\\d{2}:\\d{2}:\\d{2})',
  w: '([-+]\\d{6})',
})

const expanded = (format: string) => format.replace(/%(.)/gs, (whole, letter: string) => WHOLE[letter] ?? whole)

/** What is wrong with a format, in the collector's words. */
export function strptimeFault(format: string): string | undefined {
  const unknown = [...format.matchAll(/%(.)/gs)].find(([, letter]) => {
    return letter !== '%' && READ[letter!] === undefined && WHOLE[letter!] === undefined
  })
  if (unknown) return `invalid strptime format: [unsupported ctimefmt.toNative() directive: ${unknown[0]}]`
  const bare = /[^.,]%[Lfs]/.exec(format)?.[0]
  return (
    bare &&
    `invalid strptime format: [invalid fractional seconds directive: '${bare}'. must be preceded with '.' or ',']`
  )
}

export function strftime(format: string, { ns, offsetMinutes, zone }: ZonedTime): string {
  const nanos = ((ns % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  const ms = Number((ns - nanos) / 1_000_000n)
  const clock: Clock = { date: new Date(ms + offsetMinutes * 60_000), nanos, offsetMinutes, zone }
  return (
    expanded(format)
      // A point goes with the zeroes that follow it.
      .replace(/([.,])%([Lfs])/g, (_, point: string, letter: string) => {
        const digits = WRITE[letter]!(clock).replace(/0+$/, '')
        return digits && point + digits
      })
      .replace(/%(.)/gs, (_, letter: string) => (letter === '%' ? '%' : WRITE[letter]!(clock)))
  )
}

/** The rest of a text from which on it does not fit, and the part of the format that it should have fitted. */
function stuckAt(text: string, format: string): { rest: string; part?: string } {
  let rest = text
  for (const part of format.match(/%.|[^%]+/gs) ?? []) {
    const source = part.startsWith('%') ? `\\s*${READ[part[1]!] ?? '%'}` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const found = new RegExp(`^${source}`, 's').exec(rest)
    if (found === null) return { rest, part }
    rest = rest.slice(found[0].length)
  }
  return { rest }
}

/** Reads a text by a format. `zone` is that of a text that names none. Throws Error. */
export function strptime(text: string, format: string, zone: string | undefined, nowMs: number): ZonedTime {
  const letters: string[] = []
  const source = expanded(format)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%(.)/gs, (_, letter: string) => {
      if (letter === '%') return '%'
      letters.push(letter)
      return `\\s*${READ[letter]!}`
    })
  const found = new RegExp(`^${source}$`, 's').exec(text)
  if (found === null) {
    const { rest, part } = stuckAt(text, expanded(format))
    const [told, left] = [`parsing time ${JSON.stringify(text)}`, JSON.stringify(rest)]
    if (part === undefined) throw new Error(`${told}: extra text: ${left}`)
    throw new Error(`${told} as ${JSON.stringify(format)}: cannot parse ${left} as ${JSON.stringify(part)}`)
  }
  const given = Object.fromEntries(letters.map((letter, i) => [letter, found[i + 1]!]))
  return assemble(given, text, zone, nowMs)
}

function assemble(given: Record<string, string>, text: string, zone: string | undefined, nowMs: number): ZonedTime {
  const pick = (letters: string) => [...letters].map((letter) => given[letter]).find((one) => one !== undefined)
  const named = (letters: string, list: readonly string[]) => {
    const name = pick(letters)
    return name === undefined ? undefined : list.findIndex((one) => one.startsWith(name.slice(0, 3))) + 1
  }
  const short = given.y === undefined ? undefined : Number(given.y) + (Number(given.y) >= 69 ? 1900 : 2000)
  const month = Number(pick('moq') ?? named('bhB', MONTHS) ?? 1)
  const day = Number(pick('deg') ?? 1)
  const [second = '0', behind = ''] = (given.S ?? '0').split(/[.,]/)
  let hour = Number(pick('HIl') ?? 0)
  const half = pick('pP')?.toLowerCase()
  if (half === 'pm' && hour < 12) hour += 12
  if (half === 'am' && hour === 12) hour = 0
  const minute = Number(given.M ?? 0)
  const outOfRange = (what: string) => new Error(`parsing time ${JSON.stringify(text)}: ${what} out of range`)
  if (month < 1 || month > 12) throw outOfRange('month')
  if (hour > 23) throw outOfRange('hour')
  if (minute > 59) throw outOfRange('minute')
  if (Number(second) > 59) throw outOfRange('second')
  const wallIn = (year: number) =>
    new Date(Date.UTC(year, month - 1, day, hour, minute, Number(second))).setUTCFullYear(year)
  const year = given.Y === undefined ? short : Number(given.Y)
  let wall = wallIn(year ?? new Date(nowMs).getUTCFullYear())
  // Without a year it is the last one that fits: a log line is not from next month.
  if (year === undefined && wall > nowMs + 7 * 86_400_000) wall = wallIn(new Date(nowMs).getUTCFullYear() - 1)
  if (new Date(wall).getUTCDate() !== day) throw outOfRange('day')
  const nanos = BigInt((pick('Lfs') ?? behind).padEnd(9, '0').slice(0, 9))
  const { offsetMinutes, name } = offsetOf(given, zone, wall)
  return { ns: BigInt(wall - offsetMinutes * 60_000) * 1_000_000n + nanos, offsetMinutes, zone: name }
}

function offsetOf(given: Record<string, string>, zone: string | undefined, wall: number) {
  const written = [...'zijkw'].map((letter) => given[letter]).find((one) => one !== undefined)
  if (written !== undefined && written !== 'Z') {
    const [, sign, hours, minutes = '0'] = /^([-+])(\d{2}):?(\d{2})?/.exec(written)!
    const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
    return { offsetMinutes, name: offsetMinutes === 0 ? 'UTC' : (given.Z ?? '') }
  }
  const name = written === 'Z' ? 'UTC' : (given.Z ?? zone ?? 'UTC')
  const offsetMinutes = name === 'UTC' ? 0 : wallOffset(name, wall)
  if (offsetMinutes === undefined) throw new Error(`failed to load location ${name}: unknown time zone ${name}`)
  return { offsetMinutes, name }
}
