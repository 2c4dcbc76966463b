import { Type } from '@sinclair/typebox'
import type { CollectorConfig } from '../../collector-config.ts'
import { SIGNALS } from '../../util/signal.ts'
import { defineCheck, type SpecOf } from '../check-kind.ts'
import { oneOrMore, word } from '../format/words.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { refusedConfig } from './refused-config.ts'
import { readConfigs } from './running-config.ts'

const RESTART = 'otel-lab restart otel-collector'
const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

const parameters = {
  signal: word(['traces', 'metrics', 'logs'], 'In a pipeline for this'),
  kind: word(['receiver', 'processor', 'exporter', 'connector']),
  type: Type.String({ description: 'Its type; the name after the slash is free' }),
  settings: Type.Optional(
    Type.Record(Type.String(), oneOrMore(Scalar, 'Any of these'), {
      description:
        'Settings by their path, such as sending_queue.enabled, with the values that are right; durations in ms',
    }),
  ),
  before: Type.Optional(Type.String({ description: 'It stands before this type in the pipeline' })),
  after: Type.Optional(Type.String({ description: 'It stands after this type in the pipeline' })),
  absent: Type.Optional(Type.Boolean({ description: 'No such component may run there' })),
}
type Spec = SpecOf<typeof parameters>

/** What runs in which pipeline, of the running collector: however the file brings that about is right. */
export const collectorEffect = defineCheck({
  name: 'collector-effect',
  about: 'What the running collector has in which pipeline, however its config is written',
  parameters,
  words: {
    expected: 'a running collector that does what the exercise asks for',
    why: 'A component runs only when a pipeline names it and the collector has been started since',
  },
  async run({ lab }, spec) {
    const { running, file, fault } = await readConfigs(lab)
    const query = 'otel-lab config show'
    const judged = running ?? file
    const unmet = judged && unmetBy(judged, spec)
    if (judged && unmet === undefined) return pass(inWords(judged, spec), { query })
    if (fault) return refusedConfig(fault, lab.collector.shown, { query })
    if (file && running && unmetBy(file, spec) === undefined) {
      return fail('not-restarted', `${lab.collector.shown} says so, but the collector that runs has not read it`, {
        why: 'The collector reads its config when it starts; the file alone changes nothing',
        next: RESTART,
        query,
      })
    }
    const { case: name, ...outcome } = (file && unmetBy(file, spec)) ?? unmet!
    return fail(name, outcome.seen, { next: `${outcome.next}, then: ${RESTART}`, query })
  },
})

type Unmet = Required<Pick<Outcome, 'case' | 'seen' | 'next'>>

function unmetBy(config: CollectorConfig, spec: Spec): Unmet | undefined {
  const { signal, kind, type, settings = {}, absent } = spec
  const found = usesIn(config, spec)
  if (absent) {
    if (found.length === 0) return undefined
    const { id, pipeline } = found[0]!
    return { case: 'present', seen: `${id} runs in ${pipeline}`, next: `Take it out of service.pipelines.${pipeline}` }
  }
  if (found.length === 0) return missing(config, spec)
  const right = found.filter(({ settings: actual }) =>
    Object.entries(settings).every(([path, wanted]) => isOneOf(at(actual, path), wanted)),
  )
  if (right.length === 0) {
    const { id, settings: actual } = found[0]!
    const [path, wanted] = Object.entries(settings).find(([key, value]) => !isOneOf(at(actual, key), value))!
    return {
      case: 'settings',
      seen: `${path} of ${id} is ${at(actual, path) ?? 'not set'}, not ${[wanted].flat().join(' or ')}`,
      next: `otel-lab config patch --set ${kind}s.${id}.${path}=${[wanted].flat()[0]}`,
    }
  }
  return right.some((one) => isInOrder(one, spec)) ? undefined : outOfOrder(right[0]!, spec, signal, type)
}

interface Use {
  id: string
  pipeline: string
  settings: unknown
  types: string[]
  position: number
}

/** Where the pipelines of the signal name such a component. */
function usesIn(config: CollectorConfig, { signal, kind, type }: Pick<Spec, 'signal' | 'kind' | 'type'>): Use[] {
  return [...config.service.pipelines.values()]
    .filter((pipeline) => pipeline.signal === signal)
    .flatMap(({ id: pipeline, receivers, processors, exporters }) => {
      const lists = {
        receiver: receivers,
        processor: processors,
        exporter: exporters,
        connector: [...receivers, ...exporters],
      }
      const all = definitions(config, kind)
      const typeOf = (id: string) => all.get(id)?.type ?? id.split('/')[0]!
      const list = lists[kind]
      return list.flatMap((id, position) =>
        all.get(id)?.type === type
          ? [{ id, pipeline, settings: all.get(id)!.settings, types: list.map(typeOf), position }]
          : [],
      )
    })
}

const definitions = (config: CollectorConfig, kind: Spec['kind']) =>
  ({
    receiver: config.receivers,
    processor: config.processors,
    exporter: config.exporters,
    connector: config.connectors,
  })[kind]

function missing(config: CollectorConfig, spec: Spec): Unmet {
  const { signal, kind, type } = spec
  const defined = [...definitions(config, kind).values()].filter((one) => one.type === type)
  const [first] = defined
  const where = `service.pipelines.${signal}.${kind === 'connector' ? 'exporters' : `${kind}s`}`
  if (first === undefined)
    return {
      case: 'undefined',
      seen: `there is no ${type} ${kind}`,
      next: `Define ${type} under ${kind}s and name it in ${where}`,
    }
  const elsewhere = SIGNALS.flatMap((other) => usesIn(config, { ...spec, signal: other }))
  if (elsewhere.length > 0)
    return {
      case: 'other-pipeline',
      seen: `${first.id} runs in ${elsewhere.map(({ pipeline }) => pipeline).join(', ')}, and in none for ${signal}`,
      next: `Name ${first.id} in ${where}`,
    }
  return {
    case: 'unused',
    seen: `${first.id} is defined, but no pipeline uses it`,
    next: `Name ${first.id} in ${where}`,
  }
}

function isInOrder({ types, position }: Use, { before, after }: Spec): boolean {
  const ok = (type: string | undefined, follows: boolean) => {
    if (type === undefined) return true
    const other = types.indexOf(type)
    return other >= 0 && (follows ? other > position : other < position)
  }
  return ok(before, true) && ok(after, false)
}

function outOfOrder({ id, pipeline, types }: Use, { before, after }: Spec, signal: string, type: string): Unmet {
  const wanted = before ? `before ${before}` : `after ${after}`
  return {
    case: 'order',
    seen: `in ${pipeline} ${id} does not stand ${wanted}: ${types.join(', ')}`,
    next: `Move ${type} ${wanted} in service.pipelines.${signal}`,
  }
}

const at = (settings: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], settings)

const isOneOf = (actual: unknown, wanted: unknown) => [wanted].flat().some((one) => String(actual) === String(one))

function inWords(config: CollectorConfig, spec: Spec): string {
  if (spec.absent) return `no ${spec.type} runs for ${spec.signal}`
  const uses = usesIn(config, spec)
  return `${uses[0]!.id} runs in ${[...new Set(uses.map(({ pipeline }) => pipeline))].join(', ')}`
}
