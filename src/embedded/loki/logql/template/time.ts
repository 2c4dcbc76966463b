/** A time.Time: nanoseconds since the epoch, and the zone it is shown in. */
export interface GoTime {
  goTime: true
  nanos: bigint
  zone: Zone
}

export interface Zone {
  name: string
  /** Seconds east of Greenwich at a time in milliseconds. */
  offsetAt(millis: number): number
  abbreviationAt(millis: number): string
}

export const UTC: Zone = { name: 'UTC', offsetAt: () => 0, abbreviationAt: () => 'UTC' }

export function isGoTime(value: unknown): value is GoTime {
  return typeof value === 'object' && value !== null && 'goTime' in value
}

export function goTime(nanos: bigint, zone: Zone = UTC): GoTime {
  return { goTime: true, nanos, zone }
}

/** The year 1, what Go has for no time at all. */
export const ZERO_NANOS = -62_135_596_800_000_000_000n

/** An IANA zone by name; UTC for a name that is none, as Loki takes it. */
export function zoneByName(name: string): Zone {
  if (name === '' || name === 'UTC' || name === 'Local') return UTC
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return UTC
  }
  const part = (f: Intl.DateTimeFormat, millis: number) =>
    f.formatToParts(millis).find((p) => p.type === 'timeZoneName')?.value ?? ''
  const offsetAt = (millis: number) => {
    const found = /GMT([-+])(\d\d):(\d\d)(?::(\d\d))?/.exec(part(format, millis))
    if (found === null) return 0
    const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0)
    return found[1] === '-' ? -seconds : seconds
  }
  const short = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' })
  return { name, offsetAt, abbreviationAt: (millis) => part(short, millis).replace(/^GMT(?=[-+])/, '') }
}

export function fixedZone(seconds: number, name = ''): Zone {
  return seconds === 0 && (name === '' || name === 'UTC')
    ? UTC
    : { name, offsetAt: () => seconds, abbreviationAt: () => name }
}

export const MONTHS = 'January February March April May June July August September October November December'.split(' ')
export const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** The elements of a layout, longest first where one starts as another does. */
export const LAYOUT =
  /January|Jan|Monday|Mon|MST|2006|-07:00:00|-07:00|-070000|-0700|-07|Z07:00:00|Z07:00|Z070000|Z0700|Z07|002|__2|_2|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g

interface Fields {
  date: Date
  nanosOfSecond: number
  offset: number
}

/** Go's Time.Format. */
export function formatGoTime(time: GoTime, layout: string): string {
  const millis = Number(time.nanos / 1_000_000n)
  const offset = time.zone.offsetAt(millis)
  const date = new Date(
    Math.floor(Number(time.nanos / 1_000_000_000n - (time.nanos % 1_000_000_000n < 0n ? 1n : 0n)) + offset) * 1000,
  )
  const nanosOfSecond = Number(((time.nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)
  const fields = { date, nanosOfSecond, offset }
  return layout.replaceAll(LAYOUT, (element) => {
    if (element !== 'MST') return formatElement(element, fields)
    return time.zone.abbreviationAt(millis) || zoneOffset('-0700', offset)
  })
}

function formatElement(element: string, { date, nanosOfSecond, offset }: Fields): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const hour12 = date.getUTCHours() % 12 || 12
  switch (element) {
    case 'January':
      return MONTHS[date.getUTCMonth()]!
    case 'Jan':
      return MONTHS[date.getUTCMonth()]!.slice(0, 3)
    case 'Monday':
      return DAYS[date.getUTCDay()]!
    case 'Mon':
      return DAYS[date.getUTCDay()]!.slice(0, 3)
    case '2006':
      return String(date.getUTCFullYear()).padStart(4, '0')
    case '06':
      return two(date.getUTCFullYear() % 100)
    case '01':
      return two(date.getUTCMonth() + 1)
    case '1':
      return String(date.getUTCMonth() + 1)
    case '02':
      return two(date.getUTCDate())
    case '_2':
      return String(date.getUTCDate()).padStart(2)
    case '2':
      return String(date.getUTCDate())
    case '002':
      return String(dayOfYear(date)).padStart(3, '0')
    case '__2':
      return String(dayOfYear(date)).padStart(3)
    case '15':
      return two(date.getUTCHours())
    case '03':
      return two(hour12)
    case '3':
      return String(hour12)
    case '04':
      return two(date.getUTCMinutes())
    case '4':
      return String(date.getUTCMinutes())
    case '05':
      return two(date.getUTCSeconds())
    case '5':
      return String(date.getUTCSeconds())
    case 'PM':
      return date.getUTCHours() >= 12 ? 'PM' : 'AM'
    case 'pm':
      return date.getUTCHours() >= 12 ? 'pm' : 'am'
    default:
      return /^[.,]/.test(element) ? fraction(element, nanosOfSecond) : zoneOffset(element, offset)
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}

/** `.000` always so many digits, `.999` without zeros at the end. */
function fraction(element: string, nanos: number): string {
  const digits = String(nanos)
    .padStart(9, '0')
    .slice(0, element.length - 1)
  if (element[1] === '0') return element[0] + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : element[0] + trimmed
}

function zoneOffset(element: string, offset: number): string {
  if (element[0] === 'Z' && offset === 0) return 'Z'
  const size = Math.abs(offset)
  const parts = [size / 3600, (size % 3600) / 60, size % 60].map((n) => String(Math.floor(n)).padStart(2, '0'))
  const bare = element.replace(/^[Z-]/, '')
  const count = bare.includes(':') ? bare.split(':').length : bare.length / 2
  return (offset < 0 ? '-' : '+') + parts.slice(0, count).join(bare.includes(':') ? ':' : '')
}
