// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

export type Pipelines = [id: string, pipeline: Json][]

export const signalOf = (id: string) => id.split('/')[0]!
export const isConnector = (pipelines: Pipelines, id: string) =>
  pipelines.some(([, p]) => p.Receivers?.includes(id)) && pipelines.some(([, p]) => p.Exporters?.includes(id))

/** mockforward leads from a signal to itself only; every other connector of the Go test from each to each. */
export const leads = (connector: string, from: string, to: string) =>
  !connector.startsWith('mockforward') || from === to

/**
 * How often each exporter of a signal gets what enters once by each receiver of a signal: the ways through the
 * pipelines, counted without the collector's code.
 */
export function waysToExporters(pipelines: Pipelines): Map<string, number> {
  const arrivals = new Map<string, number>()
  const enter = ([id, pipeline]: Pipelines[number]) => {
    for (const end of pipeline.Exporters) {
      if (isConnector(pipelines, end)) {
        for (const next of pipelines) {
          if (next[1].Receivers.includes(end) && leads(end, signalOf(id), signalOf(next[0]))) enter(next)
        }
      } else {
        const key = `${end} ${signalOf(id)}`
        arrivals.set(key, (arrivals.get(key) ?? 0) + 1)
      }
    }
  }
  for (const pipeline of pipelines) {
    for (const id of pipeline[1].Receivers) if (!isConnector(pipelines, id)) enter(pipeline)
  }
  return arrivals
}
