import type { ComponentDefinition } from './component.ts'
import { type Step, startOf } from './cycle-start.ts'
import type { PipelineNode, Reference } from './pipelines.ts'

/** What the graph needs to know of a component; `configured` without a definition is a type that nobody makes. */
export interface GraphLookup {
  isConnector(id: string): boolean
  connector(id: string): ComponentDefinition | undefined
  component(
    kind: 'receiver' | 'processor' | 'exporter',
    id: string,
  ): { configured: boolean; definition?: ComponentDefinition }
}

export interface GraphProblem {
  message: string
  at: number
  hint?: string
}

/** What building the pipelines would refuse, with the collector's words (service/internal/graph). */
export function checkGraph(pipelines: PipelineNode[], lookup: GraphLookup): GraphProblem[] {
  const connectors = connectorProblems(pipelines, lookup)
  if (connectors.length > 0) return connectors
  const cycle = cycleProblem(pipelines, lookup)
  if (cycle !== undefined) return [cycle]
  return pipelines.flatMap((pipeline) => signalProblems(pipeline, lookup))
}

interface Use {
  pipeline: PipelineNode
  at: number
}

function connectorProblems(pipelines: PipelineNode[], lookup: GraphLookup): GraphProblem[] {
  const asExporter = new Map<string, Use[]>()
  const asReceiver = new Map<string, Use[]>()
  const ids = new Set<string>()
  const note = (uses: Map<string, Use[]>, pipeline: PipelineNode, { id, at }: Reference) => {
    if (!lookup.isConnector(id)) return
    ids.add(id)
    uses.set(id, [...(uses.get(id) ?? []), { pipeline, at }])
  }
  for (const pipeline of pipelines) {
    for (const reference of pipeline.receivers) note(asReceiver, pipeline, reference)
    for (const reference of pipeline.exporters) note(asExporter, pipeline, reference)
  }
  return [...ids].flatMap((id) =>
    oneConnector(id, asExporter.get(id) ?? [], asReceiver.get(id) ?? [], lookup.connector(id)),
  )
}

function oneConnector(
  id: string,
  exporters: Use[],
  receivers: Use[],
  definition?: ComponentDefinition,
): GraphProblem[] {
  if (definition === undefined) {
    const at = (exporters[0] ?? receivers[0])!.at
    return [{ message: `connector factory not available for: "${id.split('/')[0]}"`, at }]
  }
  const can = (from: string, to: string) => definition.routes?.some(([a, b]) => a === from && b === to) ?? false
  const routes = definition.routes?.map(([from, to]) => `${from} to ${to}`).join(', ')
  const lost = (
    uses: Use[],
    others: Use[],
    supported: (mine: string, other: string) => boolean,
    as: string,
    other: string,
  ) => {
    const signals = [...new Set(uses.map((use) => use.pipeline.signal))]
    const orphans = signals.filter((mine) => !others.some((use) => supported(mine, use.pipeline.signal)))
    return orphans.map((signal): GraphProblem => {
      const mine = uses.filter((use) => use.pipeline.signal === signal)
      const names = mine.map((use) => use.pipeline.id).join(' ')
      return {
        message: `connector "${id}" used as ${as} in [${names}] pipeline but not used in any supported ${other} pipeline`,
        at: mine[0]!.at,
        hint: `a connector is an exporter of one pipeline and a receiver of another; ${id} goes from ${routes}`,
      }
    })
  }
  return [
    ...lost(exporters, receivers, (from, to) => can(from, to), 'exporter', 'receiver'),
    ...lost(receivers, exporters, (to, from) => can(from, to), 'receiver', 'exporter'),
  ]
}

/** The first way along connectors that comes back to where it began. */
function cycleProblem(pipelines: PipelineNode[], lookup: GraphLookup): GraphProblem | undefined {
  const supports = (id: string, from: PipelineNode, to: PipelineNode) =>
    lookup.connector(id)?.routes?.some(([a, b]) => a === from.signal && b === to.signal) ?? false
  const stepsFrom = (from: PipelineNode): Step[] =>
    from.exporters
      .filter(({ id }) => lookup.isConnector(id))
      .flatMap(({ id, at }) =>
        pipelines
          .filter((to) => to.receivers.some((receiver) => receiver.id === id) && supports(id, from, to))
          .map((to) => ({ id, at, from, to })),
      )
  const name = (step: Step) => `connector "${step.id}" (${step.from.signal} to ${step.to.signal})`
  const isSame = (a: Step, b: Step) => a.id === b.id && a.from.signal === b.from.signal && a.to.signal === b.to.signal
  const done = new Set<PipelineNode>()
  const walk = (path: Step[], pipeline: PipelineNode): Step[] | undefined => {
    for (const step of stepsFrom(pipeline)) {
      const start = path.findIndex((earlier) => isSame(earlier, step))
      if (start >= 0) return [...path.slice(start), step]
      if (done.has(step.to)) continue
      const found = walk([...path, step], step.to)
      if (found !== undefined) return found
    }
    done.add(pipeline)
    return undefined
  }
  for (const pipeline of pipelines) {
    const found = walk([], pipeline)?.slice(0, -1)
    if (found === undefined) continue
    const start = startOf(found)
    const cycle = [...found.slice(start), ...found.slice(0, start), found[start]!]
    const words = [name(cycle[0]!)]
    for (const [i, step] of cycle.slice(1).entries()) {
      const through = cycle[i]!.to
      words.push(...through.processors.map(({ id }) => `processor "${id}" in pipeline "${through.id}"`), name(step))
    }
    return { message: `cycle detected: ${words.join(' -> ')}`, at: cycle[0]!.at }
  }
  return undefined
}

function signalProblems(pipeline: PipelineNode, lookup: GraphLookup): GraphProblem[] {
  const { signal, id: pipelineId } = pipeline
  const uses = [
    ...pipeline.exporters.map((use) => ({
      kind: 'exporter' as const,
      ...use,
      data: `exporter for data type "${signal}"`,
    })),
    ...pipeline.processors.map((use) => ({
      kind: 'processor' as const,
      ...use,
      data: `processor, in pipeline "${pipelineId}"`,
    })),
    ...pipeline.receivers.map((use) => ({
      kind: 'receiver' as const,
      ...use,
      data: `receiver for data type "${signal}"`,
    })),
  ]
  const problems: GraphProblem[] = []
  for (const { kind, id, at, data } of uses) {
    if (kind !== 'processor' && lookup.isConnector(id)) continue
    const { configured, definition } = lookup.component(kind, id)
    const failed = `failed to create "${id}" ${data}: `
    if (!configured) problems.push({ message: `${failed}${kind} "${id}" is not configured`, at })
    else if (definition === undefined) {
      problems.push({ message: `${failed}${kind} factory not available for: "${id.split('/')[0]}"`, at })
    } else if (!(definition.signals as readonly string[]).includes(signal)) {
      const hint = `${id} takes ${definition.signals.join(', ')} only`
      problems.push({ message: `${failed}telemetry type is not supported`, at, hint })
    }
  }
  return problems
}
