import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestLab } from '../support/lab.ts'

export interface BadConfig {
  name: string
  file: string
  put(path: string): void
}

const COLLECTOR = 'otel-collector-config.yaml'
const text = (content: string) => (path: string) => writeFileSync(path, content)

const SERVICES: Record<string, string> = {
  [COLLECTOR]: 'otel-collector',
  'loki.yaml': 'loki',
  'tempo.yaml': 'tempo',
  'prometheus.yml': 'prometheus',
}

/** Files that are made to hurt whoever reads them as a config. */
export const CONFIGS: BadConfig[] = [
  { name: '10,000 lists in each other', file: COLLECTOR, put: text('['.repeat(10_000)) },
  { name: '10,000 maps in each other', file: COLLECTOR, put: text('{a: '.repeat(10_000)) },
  { name: 'aliases that blow up', file: COLLECTOR, put: text(laughs()) },
  { name: 'an alias of nothing', file: 'loki.yaml', put: text('a: *nothing\n') },
  { name: 'an alias of nothing', file: 'tempo.yaml', put: text('a: *nothing\n') },
  { name: 'an alias of nothing', file: 'prometheus.yml', put: text('a: *nothing\n') },
  { name: 'sixty megabytes', file: COLLECTOR, put: text('# x\n'.repeat(15 << 20)) },
  { name: 'a pipe', file: COLLECTOR, put: (path) => void execFileSync('mkfifo', [path]) },
  { name: '/dev/zero', file: COLLECTOR, put: (path) => symlinkSync('/dev/zero', path) },
  { name: 'names of prototypes', file: COLLECTOR, put: text('constructor: {}\n__proto__: {a: 1}\ntoString: 1\n') },
]

/** Restarts with the file in its place: refused, with a message and without a stack trace, and the lab goes on. */
export async function tryConfig(lab: TestLab, { file, put }: BadConfig): Promise<{ wrong: string[]; message: string }> {
  const path = join(lab.dir, 'configs', file)
  const before = readFileSync(path)
  rmSync(path)
  try {
    put(path)
    const { code, stdout, stderr } = await lab.run(['restart', SERVICES[file]!])
    const message = stderr + stdout
    const wrong = [
      code === 1 || code === 4 ? '' : `restart ends with ${code}`,
      message.includes(file) ? '' : 'it does not name the file',
      /^\s+at .*:\d+:\d+/m.test(message) ? 'it shows a stack trace' : '',
      message.trim() === '' ? 'it says nothing' : '',
    ]
    return { wrong: wrong.filter(Boolean), message }
  } finally {
    rmSync(path, { force: true })
    writeFileSync(path, before)
  }
}

/** Nine times nine times nine, and so on, of one word. */
function laughs(): string {
  const lines = ['a0: &a0 [x]']
  for (let i = 1; i < 10; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    )
  return `${lines.join('\n')}\n`
}
