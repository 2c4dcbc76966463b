import type { TelemetryConfig } from '../../collector-config.ts'
import type { LogOutputs } from './log-outputs.ts'

type Level = TelemetryConfig['logs']['level']
export type Fields = Record<string, unknown>

/** The collector's own log, line for line in the shape of zap's console or JSON encoder. */
export interface Logger {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  /** Prints lines without time and level past the log, to outputs of its own (zap's encoder with those keys off). */
  plain(paths: readonly string[]): (message: string, fields?: Fields) => void
  with(fields: Fields): Logger
}

const LEVELS: Level[] = ['debug', 'info', 'warn', 'error']

export interface LoggerOptions {
  config: TelemetryConfig['logs']
  outputs: Pick<LogOutputs, 'to'>
  now?: () => Date
}

export function createLogger({ config, outputs, now = () => new Date() }: LoggerOptions): Logger {
  const { enabled, tick, initial, thereafter } = config.sampling
  const keep = enabled ? createSampler({ tickMs: tick, initial, thereafter }) : undefined
  const write = outputs.to(config.output_paths)
  const make = (bound: Fields): Logger => {
    const at = (level: Level) => (message: string, fields?: Fields) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(config.level)) return
      const time = now()
      if (keep && !keep(`${level} ${message}`, time.getTime())) return
      write(render(config.encoding, time, level, message, { ...bound, ...fields }))
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      plain: (paths) => {
        const print = outputs.to(paths)
        return (message, fields = {}) =>
          print(Object.keys(fields).length === 0 ? message : `${message}\t${spaced(fields)}`)
      },
      with: (fields) => make({ ...bound, ...fields }),
    }
  }
  return make(config.initial_fields)
}

/** zap's sampler: in each tick the first `initial` of a message, then every `thereafter`-th. */
export function createSampler(options: { tickMs: number; initial: number; thereafter: number }) {
  const counts = new Map<string, { resetAt: number; count: number }>()
  return (key: string, nowMs: number): boolean => {
    let counter = counts.get(key)
    if (counter === undefined || nowMs >= counter.resetAt) {
      // Messages are few, but some hold data; zap bounds them by hashing.
      if (counts.size > 4096) counts.clear()
      counter = { resetAt: nowMs + options.tickMs, count: 0 }
      counts.set(key, counter)
    }
    counter.count++
    if (counter.count <= options.initial) return true
    return options.thereafter > 0 && (counter.count - options.initial) % options.thereafter === 0
  }
}

function render(encoding: 'console' | 'json', time: Date, level: Level, message: string, fields: Fields): string {
  const stamp = time.toISOString()
  if (encoding === 'json') return JSON.stringify({ level, ts: stamp, msg: message, ...fields })
  const parts = [stamp, level, message]
  if (Object.keys(fields).length > 0) parts.push(spaced(fields))
  return parts.join('\t')
}

/** zap's console encoder puts a blank after `:` and `,`. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    return `{${pairs.join(', ')}}`
  }
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'null')
}
