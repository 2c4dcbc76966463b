import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Signal } from '../../../src/otlp/types.ts'

/** A file of test/embedded/collector/beside: a component and settings of it, each put to the same thousand items. */
interface CaseFile {
  kind: 'processor' | 'connector'
  type: string
  signals: Signal[]
  /** Where a connector leads: the ends of its pipelines' names, a, b and rest; one of another signal is named by it. */
  into?: string[]
  /** How long what is held takes to come out, in the real one. */
  wait?: number
  cases: Record<string, unknown>[]
}

export interface BesideCase {
  /** By which the result is kept. */
  name: string
  settings: string
}

/** A component and a signal: all its cases sit side by side in one collector, each in a pipeline of its own. */
export interface Side {
  name: string
  signal: Signal
  file: CaseFile
  cases: BesideCase[]
}

const FOLDER = 'test/embedded/collector/beside'

export function sides(): Side[] {
  const files = readdirSync(FOLDER).filter((one) => one.endsWith('.yaml') && one !== 'differs.yaml')
  return files.sort().flatMap((name) => {
    const file = parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as CaseFile
    return file.signals.map((signal) => {
      const title = `${file.type} ${signal}`
      const cases = file.cases
        .map((settings) => JSON.stringify(settings))
        // A connector's table names pipelines of its signal.
        .filter((settings) => !/"(traces|metrics|logs)\/(a|b|rest)"/.test(settings) || settings.includes(`"${signal}/`))
        .map((settings) => ({ name: `${title}: ${settings}`, settings }))
      return { name: title, signal, file, cases }
    })
  })
}

/** One config with all of a side's cases; `exporter` gives one's settings, by its number and the end of its pipeline. */
export function configOf({ signal, file, cases }: Side, receiver: string, exporter: (id: string) => string): string {
  const { kind, type, into = ['a'] } = file
  const [components, exporters, pipelines]: string[][] = [[], [], []]
  for (const [i, { settings }] of cases.entries()) {
    const own = settings.replace(/"(traces|metrics|logs)\/(a|b|rest)"/g, (_, of, end) => `"${of}/${i}${end}"`)
    components!.push(`  ${type}/${i}: ${own}`)
    if (kind === 'processor') {
      exporters!.push(`  ${exporter(`${i}a`)}`)
      pipelines!.push(
        `    ${signal}/${i}: {receivers: [otlp], processors: [${type}/${i}], exporters: [${EXPORTER}/${i}a]}`,
      )
      continue
    }
    pipelines!.push(`    ${signal}/${i}: {receivers: [otlp], exporters: [${type}/${i}]}`)
    for (const end of into) {
      const [out, id] = end.includes('/') ? end.split('/') : [signal, end]
      exporters!.push(`  ${exporter(`${i}${id}`)}`)
      pipelines!.push(`    ${out}/${i}${id}: {receivers: [${type}/${i}], exporters: [${EXPORTER}/${i}${id}]}`)
    }
  }
  return `receivers:
  otlp: ${receiver}
${kind}s:
${components!.join('\n')}
exporters:
${exporters!.join('\n')}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
${pipelines!.join('\n')}
`
}

export const EXPORTER = 'file'
