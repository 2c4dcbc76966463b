import type { LogSink } from '../log.ts'
import type { FileResult, Step } from '../run/process-file.ts'
import { STEPS } from '../run/process-file.ts'

export interface Terminal {
  /** Log lines, in the form that fits. */
  sink: LogSink
  progress(state: { done: number; total: number; file: string; step: Step | undefined }): void
  file(result: FileResult): void
  /** Takes the progress bar away. */
  end(): void
}

export interface TerminalOptions {
  write: (text: string) => void
  isTerminal: boolean
  columns: number
  colour: boolean
  format: 'json' | 'text' | 'auto'
}

/** JSON lines where a program reads; on a terminal a line for each file, and below them a bar that moves. */
export function createTerminal({ write, isTerminal, columns, colour, format }: TerminalOptions): Terminal {
  const json = format === 'json' || (format === 'auto' && !isTerminal)
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text)
  let bar = ''
  const clear = () => {
    if (bar !== '') write('\r\x1b[2K')
  }
  const line = (text: string) => {
    clear()
    write(`${text}\n${bar}`)
  }
  return {
    sink: (record) => {
      if (json) return line(record.line)
      // The lines of a file that begin and end it are told by `file`, in the reader's words.
      if (record.level !== 'WARNING') return
      const { file_path, reason, hint } = record.fields
      const about = [file_path, reason, hint].filter((part) => part !== undefined).join(': ')
      line(`${paint(33, '!')} ${record.message}${about ? paint(2, ` (${about})`) : ''}`)
    },
    progress: ({ done, total, file, step }) => {
      if (!isTerminal) return
      clear()
      const part = step ? STEPS.indexOf(step) / STEPS.length : 0
      const width = 20
      const filled = Math.round(((done + part) / total) * width)
      const text = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done + 1}/${total} ${step ?? ''} ${file}`
      bar = text.slice(0, Math.max(0, columns - 1))
      write(bar)
    },
    file: (result) => {
      if (json) return
      const seconds = `${result.duration.toFixed(2)} s`
      if (result.status === 'success')
        return line(`${paint(32, '✓')} ${result.file} → ${result.output} ${paint(2, seconds)}`)
      const { message = '', hint = '', step } = result.error ?? {}
      line(`${paint(31, '✗')} ${result.file}: ${message} ${paint(2, `(${step}, ${seconds})`)}\n  → ${hint}`)
    },
    end: () => {
      clear()
      bar = ''
    },
  }
}
