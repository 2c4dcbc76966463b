import type { Endpoint } from '../../engine.ts'
import { httpRequest } from '../../util/http.ts'
import type { Signal } from '../contract.ts'
import { exportByGrpc, notSent } from './grpc.ts'
import { asProtobuf, type Probe } from './requests.ts'

export type DoorKind = 'grpc' | 'http'

const TIMEOUT_MS = 5_000

/** One signal of a probe through one door. Gives the words of a failure, as an app's SDK would tell them. */
export async function sendSignal(
  probe: Probe,
  signal: Signal,
  door: Endpoint & { kind: DoorKind; path?: string },
): Promise<string | undefined> {
  try {
    if (door.kind === 'grpc') {
      const request = asProtobuf(signal, probe.json[signal])
      await exportByGrpc({ url: door.url, headers: door.headers ?? {}, signal, request, timeoutMs: TIMEOUT_MS })
      return undefined
    }
    const answer = await httpRequest(`${door.url}${door.path ?? `/v1/${signal}`}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...door.headers },
      body: JSON.stringify(probe.json[signal]),
      timeoutMs: TIMEOUT_MS,
    })
    if (answer.status >= 200 && answer.status < 300) return undefined
    throw notSent(`HTTP status ${answer.status}: ${answer.text.trim()}`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return `OTLP/${door.kind === 'grpc' ? 'gRPC' : 'HTTP'} to ${door.url}: failed to export ${signal}: ${message || code}`
  }
}
