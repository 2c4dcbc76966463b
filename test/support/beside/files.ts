import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { LINES } from './lines.ts'
import { itemTexts } from './results.ts'

export interface FileCase {
  name: string
  settings: Record<string, unknown>
}

export interface FileResult {
  /** How many there were before the second half of the lines came. */
  half: number
  count: number
  digest: string
}

const FILE = 'test/embedded/collector/beside-files.yaml'
/** How many records there are, by case, once the first half is in, and once all is. */
export interface Awaited {
  half(counts: number[]): boolean
  all(counts: number[]): boolean
}

export function fileCases(): FileCase[] {
  const all = parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>[]
  return all.map((settings) => ({ name: JSON.stringify(settings), settings }))
}

/** One collector with a receiver for each case. `inputs` and `outputs` are folders as its config names them. */
export function filesConfig(cases: readonly FileCase[], inputs: string, outputs: string): string {
  const of = (line: (one: FileCase, i: number) => string) => cases.map(line).join('\n')
  return `receivers:
${of(({ settings }, i) => `  file_log/${i}: ${JSON.stringify({ ...settings, include: [`${inputs}/${settings.include}.log`], poll_interval: '50ms' })}`)}
exporters:
${of((_, i) => `  file/${i}: {path: ${outputs}/${i}.json, flush_interval: 50ms}`)}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
${of((_, i) => `    logs/${i}: {receivers: [file_log/${i}], exporters: [file/${i}]}`)}
`
}

/** Writes the lines where `start` makes a collector read them, half of them behind its start; what came out, by case. */
export async function throughFiles(
  cases: readonly FileCase[],
  { inputs, outputs }: { inputs: string; outputs: string },
  start: () => Promise<{ stop(): Promise<void> }>,
  awaited: Awaited,
): Promise<{ half: number[]; records: string[][] }> {
  await mkdir(inputs, { recursive: true })
  await mkdir(outputs, { recursive: true })
  const kinds = Object.entries(LINES).map(([kind, make]) => ({ path: join(inputs, `${kind}.log`), lines: make() }))
  const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('')
  for (const { path, lines } of kinds) await writeFile(path, text(lines.slice(0, 500)))
  const collector = await start()
  const recordsNow = () => Promise.all(cases.map((_, i) => recordsIn(join(outputs, `${i}.json`), inputs)))
  const countsOnce = async (there: (counts: number[]) => boolean) => {
    for (;;) {
      const counts = (await recordsNow()).map(({ length }) => length)
      if (there(counts)) return counts
      await sleep(200)
    }
  }
  const half = await countsOnce(awaited.half)
  for (const { path, lines } of kinds) await appendFile(path, text(lines.slice(500)))
  await countsOnce(awaited.all)
  await collector.stop()
  return { half, records: await recordsNow() }
}

/** Each record as a text, those of a resource in their order: where files lie and when they were read are left out. */
async function recordsIn(path: string, inputs: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const whole = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
  const records = whole
    .flatMap((line) => itemTexts(JSON.parse(line)))
    .map((one) => one.replaceAll(inputs, '/logs').replace(/"observedTimeUnixNano":"now",?/, ''))
  // What came in one batch lies together by its resource.
  const resource = (record: string) => record.slice(record.lastIndexOf('"resource":'))
  return records.sort((a, b) => (resource(a) < resource(b) ? -1 : resource(a) > resource(b) ? 1 : 0))
}

export const fileResult = (half: number, records: readonly string[]): FileResult => ({
  half,
  count: records.length,
  digest: createHash('sha256').update(records.join('\n')).digest('base64').slice(0, 16),
})
