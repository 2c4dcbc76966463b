export interface Size {
  columns: number
  rows: number
}

export interface Screen {
  size(): Size
  /** Shows these lines and nothing else. Only what changed is written. */
  draw(lines: readonly string[]): void
  /** Gives the terminal back as it was. May be called again. */
  close(): void
}

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[2J'
const LEAVE = '\u001b[?25h\u001b[?1049l'

/**
 * The whole terminal, on its alternate screen: what stood there before is there again after `close`, which also runs
 * when the process ends in any way that can be seen.
 */
export function openScreen(options: { onResize: () => void; stream?: NodeJS.WriteStream }): Screen {
  const { onResize, stream = process.stdout } = options
  let shown: string[] = []
  let open = true
  const size = () => ({ columns: stream.columns ?? 80, rows: stream.rows ?? 24 })
  const resized = () => {
    shown = []
    stream.write('\u001b[2J')
    onResize()
  }
  const close = () => {
    if (!open) return
    open = false
    stream.off('resize', resized)
    process.off('exit', close)
    stream.write(LEAVE)
  }
  stream.write(ENTER)
  stream.on('resize', resized)
  process.on('exit', close)
  return {
    size,
    close,
    draw(lines) {
      if (!open) return
      const { rows } = size()
      let text = ''
      for (let row = 0; row < rows; row++) {
        const line = lines[row] ?? ''
        if (line === shown[row]) continue
        text += `\u001b[${row + 1};1H${line}\u001b[0m\u001b[K`
        shown[row] = line
      }
      if (text !== '') stream.write(text)
    },
  }
}
