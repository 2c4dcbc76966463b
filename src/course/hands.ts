import { spawn } from 'node:child_process'

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** How the robot types commands: the `otel-lab` that it belongs to, in a folder, on no terminal. */
export interface Hands {
  dir: string
  run(words: readonly string[], ms?: number): Promise<Ran>
  /** A line as a learner would type it, `otel-lab` first; quotes as a shell has them. */
  type(line: string): Promise<Ran>
  json(words: readonly string[]): Promise<{ code: number | null; answer: Record<string, unknown> }>
}

export interface HandsOptions {
  dir: string
  /** Of the program itself: dist/otel-lab.js. */
  program: string
  signal: AbortSignal
}

export function openHands({ dir, program, signal }: HandsOptions): Hands {
  const run = (words: readonly string[], ms = 120_000): Promise<Ran> =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [program, ...words], {
        cwd: dir,
        env: robotEnv(),
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const out = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].setEncoding('utf8').on('data', (text: string) => {
          out[name] = (out[name] + text).slice(-1_000_000)
        })
      }
      const end = () => child.kill('SIGTERM')
      const late = setTimeout(end, ms)
      signal.addEventListener('abort', end, { once: true })
      child.on('error', fail)
      child.on('close', (code) => {
        clearTimeout(late)
        signal.removeEventListener('abort', end)
        done({ code, ...out })
      })
    })
  return {
    dir,
    run,
    type: (line) => run(wordsOf(line).slice(1)),
    async json(words) {
      const { code, stdout, stderr } = await run([...words, '--json'])
      try {
        return { code, answer: JSON.parse(stdout) as Record<string, unknown> }
      } catch {
        throw new Error(
          `otel-lab ${words.join(' ')} --json printed no JSON: ${stdout.slice(-300)}${stderr.slice(-300)}`,
        )
      }
    },
  }
}

/** Nothing of the author's own shell may decide how an exercise goes. */
export function robotEnv(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(?:OTEL_|TRACEPARENT$|FORCE_COLOR$|COLUMNS$)/.test(name),
  )
  return { ...(Object.fromEntries(own) as Record<string, string>), NO_COLOR: '1' }
}

/** `'a b'`, `"a b"` and plain words, as a POSIX shell takes them apart; nothing is expanded. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const [, word] of line.matchAll(/((?:'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"])+)/g)) {
    words.push(
      word!.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) =>
        single === undefined ? double!.replaceAll(/\\(["\\$`])/g, '$1') : single,
      ),
    )
  }
  return words
}
