import { cloneOtlp } from '../../../otlp/clone.ts'
import type { LogRecord, Metric, ResourceOf, ScopeOf, Signal, Span } from '../../../otlp/types.ts'
import {
  type CompiledGroup,
  type Context,
  compileGroup,
  type Scene,
  type StatementGroup,
  transformFunctions,
} from '../../../ottl.ts'
import type { Build, Consume, Consumer, Payload } from '../component.ts'
import { ConsumerError } from '../component.ts'
import { createSampler } from '../logger.ts'

interface Group extends StatementGroup {
  error_mode: string
}

const STATEMENTS: Record<Signal, [key: string, contexts: Context[]]> = {
  traces: ['trace_statements', ['resource', 'scope', 'span', 'spanevent']],
  metrics: ['metric_statements', ['resource', 'scope', 'metric', 'datapoint']],
  logs: ['log_statements', ['resource', 'scope', 'log']],
}

const MOST_ADDED = 10_000

/** What becomes of what a statement throws: told and gone past, gone past, or the payload refused. */
type OnError = (what: 'eval condition' | 'execute statement', text: string, error: Error) => void

/** Changes telemetry by statements in OTTL, group by group; each group goes over all that its context is about. */
export function createTransform({ config, logger }: Build, signal: Signal, next: Consume): Consumer {
  const [key, contexts] = STATEMENTS[signal]
  const seldom = createSampler({ tickMs: 10_000, initial: 3, thereafter: 1000 })
  const groups = (config.settings[key] as Group[]).map((group) => {
    const compiled = compileGroup(group, contexts, transformFunctions)
    // The schema's check has compiled it before.
    if ('faults' in compiled) throw new Error(compiled.faults.map(({ message }) => message).join('\n'))
    const mode = group.error_mode || config.settings.error_mode
    const onError: OnError = (what, text, error) => {
      if (mode === 'propagate')
        throw new ConsumerError(`failed to ${what}: ${text}, ${error.message}`, { permanent: false })
      if (mode !== 'ignore' || !seldom(text, Date.now())) return
      const name = what === 'eval condition' ? 'condition' : 'statement'
      logger.warn(`failed to ${what}`, { error: error.message, [name]: text })
    }
    return (data: readonly ResourceOf<unknown>[]) => {
      for (const scene of scenes(compiled.context, data)) run(compiled, scene, onError)
    }
  })
  return {
    consume(payload) {
      if (groups.length === 0) return next(payload)
      // Others may hold the same data.
      const data = cloneOtlp(payload.data as ResourceOf<unknown>[])
      try {
        for (const apply of groups) apply(data)
      } catch (error) {
        logger.error(`failed processing ${signal}`, { error: (error as Error).message })
        throw error
      }
      return next({ ...payload, data } as Payload)
    },
  }
}

function run({ conditions, statements }: CompiledGroup, scene: Scene, onError: OnError): void {
  const holds = conditions.some(({ text, holds }) => {
    try {
      return holds(scene)
    } catch (error) {
      onError('eval condition', text, error as Error)
      return false
    }
  })
  if (conditions.length > 0 && !holds) return
  for (const { text, apply } of statements) {
    try {
      apply(scene)
    } catch (error) {
      onError('execute statement', text, error as Error)
    }
  }
}

/** All that a context is about, one after another. */
function* scenes(context: Context, data: readonly ResourceOf<unknown>[]): Generator<Scene> {
  for (const group of data) {
    if (context === 'resource') yield { group }
    else for (const scope of group.scopes) yield* inScope(context, group, scope)
  }
}

function* inScope(context: Context, group: ResourceOf<unknown>, scope: ScopeOf<unknown>): Generator<Scene> {
  if (context === 'scope') return yield { group, scope }
  // A metric that a statement adds is gone over as well: one that copies its own copies would never end.
  const most = scope.items.length + MOST_ADDED
  for (const item of scope.items) {
    if (scope.items.length > most) throw new Error('a statement adds metrics to those that it added, without an end')
    if (context === 'span') yield { group, scope, span: item as Span }
    else if (context === 'log') yield { group, scope, log: item as LogRecord }
    else if (context === 'metric') yield { group, scope, metric: item as Metric }
    else if (context === 'spanevent') {
      const span = item as Span
      for (const spanevent of [...span.events]) yield { group, scope, span, spanevent }
    } else {
      const metric = item as Metric
      const points = metric.data.type === 'none' ? [] : [...metric.data.points]
      for (const datapoint of points) yield { group, scope, metric, datapoint }
    }
  }
}
