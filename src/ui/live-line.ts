import { paint } from './paint.ts'
import { clip, outputWidth } from './width.ts'
import { wrapProse } from './wrap.ts'

export interface LiveLine {
  /** Shows or replaces the line; undefined takes it away. */
  show(text: string | undefined): void
}

/**
 * One line on stderr for what is being waited for. On a terminal it changes in place; elsewhere only a new
 * subject (what stands before ` - `) is written, once. `quiet` shows nothing.
 */
export function liveLine(options: { quiet?: boolean; stream?: NodeJS.WriteStream } = {}): LiveLine {
  const { quiet = false, stream = process.stderr } = options
  const p = paint({ stream: 'stderr' })
  let shown = false
  const told = new Set<string>()
  return {
    show(text) {
      if (quiet) return
      if (!stream.isTTY) {
        const subject = text?.split(' - ')[0]
        if (subject === undefined || told.has(subject)) return
        told.add(subject)
        stream.write(`${p.dim(wrapProse(`… ${subject}`, outputWidth()))}\n`)
        return
      }
      if (text === undefined && !shown) return
      stream.write(`\r\u001b[2K${text === undefined ? '' : p.dim(clip(`… ${text}`, (stream.columns ?? 100) - 1))}`)
      shown = text !== undefined
    },
  }
}
