import { type ComponentKind, SECTIONS } from '../../../src/collector-config/component.ts'
import { registryOf } from '../../../src/collector-config/registry.ts'
import { resolveWith } from '../../../src/collector-config/resolve.ts'
import { judged, type Verdict } from '../shared/tally.ts'
import { FAULT, mutate } from './mutate.ts'
import { nop } from './nop.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = any

const KINDS = Object.keys(SECTIONS) as ComponentKind[]

/** The errors that the suite names and does not spell out. */
const NAMED: Record<string, string> = {
  errEmptyConfigurationFile: 'empty configuration file',
  errMissingReceivers: 'no receiver configuration specified in config',
  errMissingExporters: 'no exporter configuration specified in config',
  errMissingServicePipelines: 'service must have at least one pipeline',
  errMissingServicePipelineReceivers: 'must have at least one receiver',
  errMissingServicePipelineExporters: 'must have at least one exporter',
}

function wantedOf(expected: Case): string | undefined {
  if (expected === null || expected === undefined) return undefined
  if (typeof expected === 'string') return expected
  const text = NAMED[expected.$id]
  if (text === undefined) throw new Error(`the error ${JSON.stringify(expected)} is not known`)
  return text
}

/** @param pipelines the cases change the pipelines alone, and expect a part of the message */
export function validateCases(cases: Case[], pipelines: boolean): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) =>
      judged(c.name, () => {
        const config = mutate(c.cfgFn ?? '{}', pipelines)
        const types = (section: string) => Object.keys(config[section] ?? {}).map((id) => id.split('/')[0]!)
        const definitions = KINDS.flatMap((kind) =>
          [...new Set(['nop', ...types(SECTIONS[kind])])].map((type) => nop(kind, type)),
        )
        const { diagnostics } = resolveWith(registryOf(definitions), JSON.stringify(config), {})
        const errors = diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)
        const want = wantedOf(c.expected)
        return fault(errors, want, pipelines)
      }),
    ),
  )
}

function fault(errors: string[], want: string | undefined, part: boolean): string | undefined {
  const shown = `got ${JSON.stringify(errors)}, wanted ${want ?? 'none'}`
  if (want === undefined) return errors.length === 0 ? undefined : shown
  // Go puts the inner error where %w stands: what the broken component says, or the words of another check.
  const [head, tail] = want.split('%w')
  const fits = (error: string) =>
    tail !== undefined
      ? error.startsWith(head!) && error.length > head!.length
      : part
        ? error.includes(want)
        : error === want
  const own = errors.filter(fits)
  if (own.length === 0) return shown
  return tail !== undefined && errors.some((e) => e.includes(FAULT)) && !own.some((e) => e === head + FAULT)
    ? shown
    : undefined
}

/** Each case holds for every kind of component; the suite writes `[object Object]` where the kind's name stood. */
export function unmarshalCases(cases: Case[]): Promise<Verdict[]> {
  const filled = (value: unknown, kind: string) =>
    JSON.stringify(value).replaceAll('[object Object]', kind).replaceAll('{"$id":"tk.kind"}', `"${kind}"`)
  return Promise.all(
    cases.map((c) =>
      judged(c.name, () => {
        for (const kind of KINDS) {
          const config = {
            ...mutate('{}', false),
            [SECTIONS[kind]]: JSON.parse(filled(c.conf.args[0], kind)),
          }
          const registry = registryOf(KINDS.map((one) => nop(one, 'nop')))
          const errors = resolveWith(registry, JSON.stringify(config), {}).diagnostics.map((d) => d.message)
          const want = JSON.parse(filled(c.expected, kind))
          if (!errors.some((e) => e.includes(want))) return `${kind}: got ${JSON.stringify(errors)}, wanted ${want}`
        }
        return undefined
      }),
    ),
  )
}
