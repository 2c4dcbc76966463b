import { goGroups } from '../../../../util/go-regexp.ts'
import { type LogField, parseLogField, strptimeOfGo } from '../../../../util/log-field.ts'
import { strptime } from '../../../../util/strptime.ts'
import { deleteField, type Entry, type Fields, getField, setField, toValue, type Value } from './entry.ts'

/** An operator of a config that was found good. */
export interface OperatorSettings {
  type: string
  id?: string
  on_error?: string
  [key: string]: unknown
}

type Work = (entry: Entry) => void
type Make = (settings: OperatorSettings) => Work

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
const NUMBERS = new Map<string, number>(
  LEVELS.flatMap((level, i) =>
    [1, 2, 3, 4].flatMap((n): [string, number][] => {
      const number = i * 4 + n
      return [
        [n === 1 ? level : `${level}${n}`, number],
        [String(number), number],
      ]
    }),
  ),
)
const MORE: Record<string, string> = { warning: 'warn', err: 'error' }

const textOf = (number: number) => {
  const n = (number - 1) % 4
  return `${LEVELS[Math.floor((number - 1) / 4)]!.toUpperCase()}${n === 0 ? '' : n + 1}`
}

const fieldOf = (value: unknown, fallback?: string, rootable = false): LogField =>
  parseLogField(String(value ?? fallback), rootable)

function required(field: LogField, entry: Entry): Value {
  const value = getField(field, entry)
  if (value === undefined) throw new Error('log entry does not have the expected parse_from field')
  return value
}

interface SeveritySettings {
  parse_from: string
  preset?: string
  mapping?: Record<string, unknown>
  overwrite_text?: boolean
}

function severity(settings: SeveritySettings): Work {
  const from = fieldOf(settings.parse_from)
  const known = new Map(settings.preset === 'none' ? [] : NUMBERS)
  if (settings.preset === undefined || settings.preset === 'default') {
    for (const [alias, level] of Object.entries(MORE)) {
      for (const n of ['', 2, 3, 4]) known.set(`${alias}${n}`, NUMBERS.get(`${level}${n}`)!)
    }
  }
  for (const [level, values] of Object.entries(settings.mapping ?? {})) {
    const number = NUMBERS.get(level.toLowerCase()) ?? 0
    for (const value of [values].flat()) for (const text of textsOf(value)) known.set(text, number)
  }
  return (entry) => {
    const value = required(from, entry)
    if (typeof value === 'number' && !Number.isInteger(value)) {
      throw new Error('parse: type float64 cannot be a severity unless it is a whole number')
    }
    if (typeof value === 'boolean' || value === null || typeof value === 'object') {
      throw new Error(`parse: type ${value === null ? '<nil>' : typeof value} cannot be a severity`)
    }
    const text = String(value)
    entry.severityNumber = known.get(text.toLowerCase()) ?? 0
    entry.severityText = settings.overwrite_text && entry.severityNumber > 0 ? textOf(entry.severityNumber) : text
  }
}

/** `5xx`, a range, or the text itself. */
function textsOf(value: unknown): string[] {
  const hundred = typeof value === 'string' ? /^([2-5])xx$/.exec(value)?.[1] : undefined
  const { min, max } = (hundred ? { min: Number(hundred) * 100, max: Number(hundred) * 100 + 99 } : (value ?? {})) as {
    min?: number
    max?: number
  }
  if (min === undefined || max === undefined) return [String(value).toLowerCase()]
  const [low, high] = [Math.min(min, max), Math.max(min, max)]
  return Array.from({ length: high - low + 1 }, (_, i) => String(low + i))
}

interface TimeSettings {
  parse_from: string
  layout: string
  layout_type?: string
  location?: string
}

function timestamp(settings: TimeSettings): Work {
  const from = fieldOf(settings.parse_from)
  const { layout, layout_type: kind = 'strptime' } = settings
  if (kind === 'epoch') {
    return (entry) => {
      entry.timeUnixNano = epoch(required(from, entry), layout)
    }
  }
  const format = kind === 'gotime' ? strptimeOfGo(layout) : layout
  // A layout that ends with Z is of UTC; one that names no zone is of the machine.
  const zone = settings.location || (layout.endsWith('Z') ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone)
  return (entry) => {
    const value = required(from, entry)
    if (typeof value !== 'string') throw new Error(`type ${typeof value} cannot be parsed as a time`)
    entry.timeUnixNano = strptime(value, format, zone, Date.now()).ns
  }
}

const DIGITS: Record<string, number> = { s: 9, ms: 6, us: 3, ns: 0 }

function epoch(value: Value, layout: string): bigint {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
    throw new Error(`type ${typeof value} cannot be parsed as a time`)
  }
  const [unit, part] = layout.split('.')
  const fine = 9 - DIGITS[part ?? 's']!
  const text =
    typeof value === 'string'
      ? value
      : part === undefined
        ? String(typeof value === 'number' ? Math.trunc(value) : value)
        : Number(value).toFixed(fine)
  const found = (part === undefined ? /^([-+]?\d+)$/ : /^([-+]?\d+)\.(\d+)$/).exec(text.trim())
  if (found === null) throw new Error(`invalid value '${text}' for layout '${layout}'`)
  const whole = BigInt(found[1]!) * 10n ** BigInt(DIGITS[unit!]!)
  return part === undefined ? whole : whole + BigInt(found[2]!) * 10n ** BigInt(DIGITS[part]!)
}

/** A parser puts what it found where it is told to, then looks for a time and a severity in it. */
function parser(settings: OperatorSettings, parse: (text: string) => Fields): Work {
  const [from, to] = [fieldOf(settings.parse_from, 'body'), fieldOf(settings.parse_to, 'attributes', true)]
  const body = settings.body === undefined ? undefined : fieldOf(settings.body)
  const time = settings.timestamp === undefined ? undefined : timestamp(settings.timestamp as TimeSettings)
  const level = settings.severity === undefined ? undefined : severity(settings.severity as SeveritySettings)
  return (entry) => {
    const value = getField(from, entry)
    if (value === undefined) throw new Error('Entry is missing the expected parse_from field.')
    if (typeof value !== 'string') throw new Error(`type ${typeof value} cannot be parsed by ${settings.type}`)
    setField(to, entry, parse(value))
    const found = body && getField(body, entry)
    if (found !== undefined) entry.body = found
    const failed: string[] = []
    for (const [name, work] of [
      ['time', time],
      ['severity', level],
    ] as const) {
      try {
        work?.(entry)
      } catch (error) {
        failed.push(`${name} parser: ${(error as Error).message}`)
      }
    }
    if (failed.length > 0) throw new Error(failed[0])
  }
}

function json(text: string, ints: boolean): Fields {
  const value = toValue(JSON.parse(text), ints)
  if (value === null) return new Map()
  if (value instanceof Map) return value
  throw new Error(`expect { or n, but found ${text[0]}`)
}

const MAKE: Record<string, Make> = {
  json_parser: (settings) => parser(settings, (text) => json(text, settings.parse_ints === true)),
  regex_parser: (settings) => {
    const groups = goGroups(String(settings.regex))
    return parser(settings, (text) => {
      const found = groups(text)
      if (found === undefined) throw new Error('regex pattern does not match')
      return new Map(Object.entries(found))
    })
  },
  severity_parser: (settings) => severity(settings as unknown as SeveritySettings),
  time_parser: (settings) => timestamp(settings as unknown as TimeSettings),
  move: ({ from, to }) => {
    const [source, target] = [fieldOf(from), fieldOf(to)]
    return (entry) => {
      const value = deleteField(source, entry)
      if (value === undefined) throw new Error(`move: field does not exist: ${String(from)}`)
      setField(target, entry, value)
    }
  },
  copy: ({ from, to }) => {
    const [source, target] = [fieldOf(from), fieldOf(to)]
    return (entry) => {
      const value = getField(source, entry)
      if (value === undefined) throw new Error(`copy: from field does not exist in this entry: ${String(from)}`)
      setField(target, entry, value)
    }
  },
  add: ({ field, value }) => {
    const target = fieldOf(field)
    const given = toValue(value, true)
    return (entry) => {
      if (given === null) throw new Error("add: missing required field 'value'")
      setField(target, entry, given)
    }
  },
  remove: ({ field }) => {
    const target = fieldOf(field, undefined, true)
    return (entry) => {
      if (deleteField(target, entry) === undefined) throw new Error(`remove: field does not exist: ${String(field)}`)
    }
  },
  noop: () => () => {},
}

/** Whether an entry goes on; what failed on the way is told to `failed`. */
export type Chain = (entry: Entry) => boolean

export function createChain(
  operators: readonly OperatorSettings[],
  failed: (operator: OperatorSettings, action: string, error: Error) => void,
): Chain {
  const steps = operators.map((settings) => ({ settings, work: MAKE[settings.type]!(settings) }))
  return (entry) => {
    for (const { settings, work } of steps) {
      try {
        work(entry)
      } catch (error) {
        const action = settings.on_error ?? 'send'
        if (!action.endsWith('_quiet')) failed(settings, action, error as Error)
        if (action.startsWith('drop')) return false
      }
    }
    return true
  }
}
