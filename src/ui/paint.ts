import { Chalk, type ChalkInstance, supportsColor, supportsColorStderr } from 'chalk'

export type Paint = ChalkInstance

export interface PaintOptions {
  /** Forced on or off; else by the stream, NO_COLOR and FORCE_COLOR. */
  colour?: boolean
  stream?: 'stdout' | 'stderr'
  env?: Record<string, string | undefined>
}

/** Colours fit for where the text goes. chalk itself does not know NO_COLOR (https://no-color.org). */
export function paint(options: PaintOptions = {}): Paint {
  const { stream = 'stdout', env = process.env } = options
  if (options.colour !== undefined) return new Chalk({ level: options.colour ? 1 : 0 })
  if (env.NO_COLOR) return new Chalk({ level: 0 })
  const support = stream === 'stdout' ? supportsColor : supportsColorStderr
  return new Chalk({ level: support === false ? 0 : support.level })
}
