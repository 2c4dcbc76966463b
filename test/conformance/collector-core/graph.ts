import type { ComponentDefinition, ComponentKind } from '../../../src/collector-config/component.ts'
import { checkGraph, type GraphLookup } from '../../../src/collector-config/graph.ts'
import type { PipelineNode } from '../../../src/collector-config/pipelines.ts'
import { judged, type Verdict } from '../shared/tally.ts'
import { nop, SIGNALS } from './nop.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = any

/** What the Go tests call profiles pipelines. */
const signalOf = (id: string) => id.replace(/^xprofiles/, 'profiles')

function pipelinesOf(pipelines: Case): PipelineNode[] {
  return Object.entries(pipelines as Record<string, Case>).map(([written, p]) => {
    const id = signalOf(written)
    const refs = (list: string[] = []) => list.map((one) => ({ id: one, at: 0 }))
    return {
      id,
      signal: id.split('/')[0]!,
      at: 0,
      receivers: refs(p.Receivers),
      processors: refs(p.Processors),
      exporters: refs(p.Exporters),
    }
  })
}

/** What building a graph refuses. The suite names connectors and their factories; of the rest the Go test says this much. */
export function graphErrorCases(cases: Case[]): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) =>
      judged(c.name, () => {
        const connectors = c.connectors ?? {}
        const definition = (kind: ComponentKind, id: string): ComponentDefinition | undefined => {
          const type = id.split('/')[0]!
          // Made by nobody, and made for no signal.
          if (type === 'unknown') return undefined
          if (type === 'bf') return { ...nop(kind, type), signals: [], routes: [] }
          const forwards = connectors[id]?.$call?.startsWith('mfConnectorFactory')
          const routes = SIGNALS.map((signal) => [signal, signal] as const)
          return forwards ? { ...nop(kind, type), routes: routes as never } : nop(kind, type)
        }
        const lookup: GraphLookup = {
          isConnector: (id) => id in connectors,
          connector: (id) => definition('connector', id),
          component(kind, id) {
            const found = definition(kind, id)
            // Configured are nop, bf and unknown of each kind, and none with a name of its own.
            return { configured: !id.includes('/'), ...(found && { definition: found }) }
          },
        }
        const got = checkGraph(pipelinesOf(c.pipelines), lookup).map((p) => p.message)
        return got[0] === c.expected ? undefined : `got ${JSON.stringify(got)}, wanted ${c.expected}`
      }),
    ),
  )
}
