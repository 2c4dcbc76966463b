import { compileRoute, parseRequest, type RequestCondition, type Route } from '../../../collector-config.ts'
import { cloneOtlp } from '../../../otlp/clone.ts'
import type { Metric, ResourceOf, ScopeOf, Signal } from '../../../otlp/types.ts'
import type { CompiledGroup, Context, Scene } from '../../../ottl.ts'
import { type Build, type Consume, type Consumer, ConsumerError, type Payload, type Ways } from '../component.ts'
import { fanOut } from '../graph.ts'
import { sift } from './routing/sift.ts'

interface Line {
  /** Where it leads; lines with one same way share a payload. */
  way: string
  copies: boolean
  /** What it takes of what is left. Throws where a condition fails that may not. */
  take(data: ResourceOf<unknown>[], payload: Payload): [taken: ResourceOf<unknown>[], left: ResourceOf<unknown>[]]
}

const ITEMS: Record<Signal, Context[]> = {
  traces: ['span'],
  metrics: ['metric', 'datapoint'],
  logs: ['log'],
}

/** Leads telemetry into pipelines by a table: the first line that fits has it, unless it only takes a copy. */
export function createRouting(
  { config, logger }: Build,
  signal: Signal,
  _to: Signal,
  _next: Consume,
  ways: Ways,
): Consumer {
  const s = config.settings
  const consumers = new Map<string, Consume>(ways)
  /** One pipeline is one way wherever it is named; several together are a way of their own. */
  const wayTo = (pipelines: readonly string[], name: string): string => {
    if (pipelines.length === 1) return pipelines[0]!
    consumers.set(name, fanOut(pipelines.map((id) => ways.get(id)!)))
    return name
  }
  const known = new Set<string>()
  const lines = (s.table as Route[]).flatMap((route, i): Line[] => {
    const test = testOf(route)
    const key = `[${test.context}] ${test.text}`
    if (known.has(key)) {
      const targets = route.pipelines.join(', ')
      logger.warn(
        `Statement "${test.text}" already exists in the routing table, the route with target pipeline(s) "${targets}" will be ignored.`,
      )
      return []
    }
    known.add(key)
    const take = takerOf(test, signal, s.error_mode === 'propagate')
    return [{ way: wayTo(route.pipelines, `table ${i}`), copies: route.action === 'copy', take }]
  })
  const rest = s.default_pipelines.length > 0 ? wayTo(s.default_pipelines, 'default') : undefined
  const changes = (s.table as Route[]).some(({ statement }) => /^\s*(?!route\b)\w/.test(statement))

  return {
    async consume(payload) {
      const groups = new Map<string, ResourceOf<unknown>[]>()
      const add = (way: string, taken: ResourceOf<unknown>[]) => {
        if (taken.length > 0) groups.set(way, [...(groups.get(way) ?? []), ...taken])
      }
      let left = payload.data as ResourceOf<unknown>[]
      if (changes) left = cloneOtlp(left)
      for (const { way, copies, take } of lines) {
        if (left.length === 0) break
        const [taken, others] = take(left, payload)
        add(way, taken)
        if (!copies) left = others
      }
      if (rest !== undefined) add(rest, left)
      if (groups.size === 0) return payload.delivery.release()
      payload.delivery.retain(groups.size - 1)
      const sent = [...groups].map(async ([way, data]) => consumers.get(way)!({ ...payload, data } as Payload))
      const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

interface Test {
  context: string
  text: string
  compiled?: CompiledGroup
  request?: RequestCondition
}

function testOf(route: Route): Test {
  if (route.context === 'request') {
    return { context: 'request', text: route.condition, request: parseRequest(route.condition) as RequestCondition }
  }
  const compiled = compileRoute(route)
  // The schema's check has compiled it before.
  if ('faults' in compiled) throw new Error(compiled.faults.map(({ message }) => message).join('\n'))
  return { context: compiled.context, text: compiled.statements[0]!.text, compiled }
}

function takerOf({ context, compiled, request }: Test, signal: Signal, strict: boolean): Line['take'] {
  if (request !== undefined) {
    return (data, { metadata }) => {
      const fits = (metadata?.[request.name] ?? []).some((value) => (value === request.value) === request.equal)
      return fits ? [data, []] : [[], data]
    }
  }
  const { apply } = compiled!.statements[0]!
  const holds = (scene: Scene) => {
    try {
      return apply(scene)
    } catch (error) {
      if (strict) throw new ConsumerError((error as Error).message, { permanent: false })
      return false
    }
  }
  if (context === 'otelcol') {
    return (data, payload) => (holds(sceneFor(payload, data[0]!)) ? [data, []] : [[], data])
  }
  if (context === 'resource') {
    return (data, payload) => {
      const taken = data.filter((group) => holds(sceneFor(payload, group)))
      return [taken, data.filter((group) => !taken.includes(group))]
    }
  }
  // What this pipeline does not carry is never met.
  if (!ITEMS[signal].includes(context as Context)) return (data) => [[], data]
  return (data, payload) =>
    sift(
      data,
      context as Context,
      (group: ResourceOf<unknown>, scope: ScopeOf<unknown>, item: unknown, metric?: Metric) =>
        holds({ ...sceneFor(payload, group), scope, [context]: item, ...(metric && { metric }) }),
    )
}

const sceneFor = ({ metadata }: Payload, group: ResourceOf<unknown>): Scene => ({
  group,
  ...(metadata && { metadata }),
})
