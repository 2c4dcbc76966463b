import { type BackendAddress, httpBackend } from '../../backends/http.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { Signal } from '../../util/signal.ts'

/** When the collector had answered each signal's request. */
export type Acknowledged = Record<Signal, number>

export interface Sender {
  /** All three at once. Throws LabError when the collector is not reached or refuses. */
  send(requests: Record<Signal, unknown>): Promise<Acknowledged>
}

/** OTLP/JSON over HTTP, which every collector with an http door takes. Throws LabError `no-otlp`. */
export function openSender(address: BackendAddress | undefined, now: () => number, signal: AbortSignal): Sender {
  if (address === undefined) {
    throw new LabError('no-otlp', 'probes are sent by OTLP over HTTP, and the collector has no such door', {
      hint: 'otel-lab config diff\nWith a stack of your own: otel-lab up --engine external --otlp-http-url URL',
      exit: EXIT.failed,
    })
  }
  const collector = httpBackend('The collector', address)
  const post = async (name: Signal, request: unknown) => {
    const headers = { 'content-type': 'application/json' }
    await collector.get(`/v1/${name}`, {}, { method: 'POST', headers, body: JSON.stringify(request), signal })
    return now()
  }
  return {
    async send({ traces, metrics, logs }) {
      const [t, m, l] = await Promise.all([post('traces', traces), post('metrics', metrics), post('logs', logs)])
      return { traces: t, metrics: m, logs: l }
    },
  }
}
