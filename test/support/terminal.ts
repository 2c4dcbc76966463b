import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as pty from '@lydell/node-pty'
import xterm from '@xterm/headless'

const BIN = resolve('dist/otel-lab.js')

export interface Terminal {
  /** The screen as somebody sees it, a line each, without what is blank at the right. */
  lines(): string[]
  text(): string
  press(keys: string): void
  /** Waits until the screen shows it, and gives the screen. */
  shows(pattern: RegExp | string, ms?: number): Promise<string>
  /** Until what is shown has not changed for a moment. */
  rests(ms?: number): Promise<string>
  /** Exit code. */
  ended(ms?: number): Promise<number>
  /** Whether the cursor is there and the main screen is shown: the terminal is as it was. */
  isClean(): boolean
  resize(columns: number, rows: number): void
  close(): void
}

/** The built `otel-lab` in a pseudo-terminal of its own. */
export function terminal(
  args: string[],
  options: { cwd: string; columns?: number; rows?: number; env?: Record<string, string> },
): Terminal {
  const { cwd, columns = 80, rows = 24, env = {} } = options
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 })
  const child = pty.spawn(process.execPath, [BIN, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { ...(process.env as Record<string, string>), DOCKER_HOST: 'unix:///nowhere', OTEL_LAB_DIR: '', ...env },
  })
  let hidden = false
  let changed = Date.now()
  child.onData((data) => {
    changed = Date.now()
    if (data.includes('\u001b[?25l')) hidden = true
    if (data.includes('\u001b[?25h')) hidden = false
    screen.write(data)
  })
  const exit = new Promise<number>((done) => child.onExit(({ exitCode }) => done(exitCode)))
  const lines = () => {
    const { active } = screen.buffer
    return Array.from({ length: screen.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    )
  }
  const text = () => lines().join('\n').trimEnd()
  const found = (pattern: RegExp | string) =>
    typeof pattern === 'string' ? text().includes(pattern) : pattern.test(text())
  return {
    lines,
    text,
    press(keys) {
      changed = Date.now()
      child.write(keys)
    },
    async shows(pattern, ms = 30_000) {
      const deadline = Date.now() + ms
      while (!found(pattern)) {
        if (Date.now() > deadline) throw new Error(`the screen never showed ${pattern}:\n${text()}`)
        await sleep(30)
      }
      await sleep(60)
      return text()
    },
    async rests(ms = 400) {
      while (Date.now() - changed < ms) await sleep(40)
      return text()
    },
    async ended(ms = 20_000) {
      const late = sleep(ms).then(() => {
        throw new Error(`it did not end:\n${text()}`)
      })
      return Promise.race([exit, late])
    },
    isClean: () => !hidden && screen.buffer.active.type === 'normal',
    resize(cols, newRows) {
      screen.resize(cols, newRows)
      child.resize(cols, newRows)
    },
    close() {
      try {
        child.kill('SIGKILL')
      } catch {
        // It has ended already.
      }
      screen.dispose()
    },
  }
}
