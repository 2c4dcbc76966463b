import { setTimeout as sleep } from 'node:timers/promises'
import { robotEnv } from './hands.ts'

/** A pseudo-terminal with `otel-lab` in it, and the screen as somebody would see it. */
export interface RobotTerminal {
  text(): string
  press(keys: string): void
  /** Throws when it does not come. */
  until(what: (screen: string) => boolean, ms: number, why: string): Promise<string>
  close(): Promise<void>
}

export type OpenTerminal = (options: {
  words: readonly string[]
  dir: string
  program: string
}) => Promise<RobotTerminal>

/** Wide and high, so that a whole verdict stands on it unbroken. */
const SIZE = { cols: 240, rows: 150 }

/**
 * How to open terminals, where the machine has node-pty: it is no dependency of ours, for it brings a compiled part
 * for each system. Without it the robot plays through pipes.
 */
export async function findTerminals(): Promise<OpenTerminal | undefined> {
  const pty = await import('@lydell/node-pty').catch(() => undefined)
  if (pty === undefined) return undefined
  const { default: xterm } = await import('@xterm/headless')
  return async ({ words, dir, program }) => {
    const screen = new xterm.Terminal({ ...SIZE, allowProposedApi: true, scrollback: 0 })
    const child = pty.spawn(process.execPath, [program, ...words], {
      ...SIZE,
      name: 'xterm-256color',
      cwd: dir,
      env: robotEnv(),
    })
    let alive = true
    child.onData((data) => screen.write(data))
    const ended = new Promise<void>((done) =>
      child.onExit(() => {
        alive = false
        done()
      }),
    )
    const text = () =>
      Array.from({ length: SIZE.rows }, (_, row) => screen.buffer.active.getLine(row)?.translateToString(true) ?? '')
        .join('\n')
        .trimEnd()
    return {
      text,
      press: (keys) => child.write(keys),
      async until(what, ms, why) {
        const deadline = Date.now() + ms
        while (!what(text())) {
          if (Date.now() > deadline || !alive) throw new Error(`${why}; the screen:\n${text()}`)
          await sleep(40)
        }
        return text()
      },
      async close() {
        if (alive) child.write('\u0003')
        await Promise.race([ended, sleep(3_000)])
        if (alive) child.kill('SIGKILL')
        screen.dispose()
      },
    }
  }
}
