import { LabError } from '../errors.ts'
import { type CollectorCounter, readCounters } from './collector-counters.ts'
import { type PageSample, readPage } from './exposition.ts'
import { type BackendAddress, type Call, type HttpBackend, httpBackend } from './http.ts'

export interface CollectorHealth {
  available: boolean
  /** Such as `Server available`. */
  status: string
  upSince?: Date
}

/** What a collector shows of itself. Each page may be switched off in its config; asking for one then throws LabError. */
export interface CollectorClient {
  health(call?: Call): Promise<CollectorHealth>
  /** Its own metrics page (8888). */
  telemetry(call?: Call): Promise<PageSample[]>
  /** Accepted, refused, sent, failed: by component and signal, since it started. */
  counters(call?: Call): Promise<CollectorCounter[]>
  /** The page of its Prometheus exporter (8889), as OpenMetrics with exemplars where it has them. */
  exporterPage(call?: Call): Promise<string>
  /** The samples of that page. */
  exporterSamples(call?: Call): Promise<PageSample[]>
}

export interface CollectorAddresses {
  collectorHealth?: BackendAddress
  collectorTelemetry?: BackendAddress
  collectorMetrics?: BackendAddress
}

const OPENMETRICS = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' }

export function collectorClient(addresses: CollectorAddresses): CollectorClient {
  const backendOf = (key: keyof CollectorAddresses, name: string) => {
    const address = addresses[key]
    return address && httpBackend(name, address)
  }
  const health = backendOf('collectorHealth', "The collector's health page")
  const telemetry = backendOf('collectorTelemetry', "The collector's metrics page")
  const exporter = backendOf('collectorMetrics', "The collector's Prometheus exporter")

  const telemetryPage = async (call: Call = {}) =>
    readPage((await there(telemetry, TELEMETRY).get('/metrics', {}, call)).text)
  const exporterPage = async (call: Call = {}) =>
    (await there(exporter, EXPORTER).get('/metrics', {}, { ...call, headers: OPENMETRICS })).text

  return {
    async health(call = {}) {
      const answer = await there(health, HEALTH).get('/', {}, { ...call, accept: [503] })
      const { status, upSince } = bodyOf(answer.text)
      const since = new Date(upSince ?? '')
      return {
        available: answer.status === 200,
        status: status ?? answer.text.trim(),
        ...(since.getTime() > 0 ? { upSince: since } : {}),
      }
    },
    telemetry: telemetryPage,
    counters: async (call) => readCounters(await telemetryPage(call)),
    exporterPage,
    exporterSamples: async (call) => readPage(await exporterPage(call)),
  }
}

const HEALTH = 'the collector has no health page: its config has no health_check extension'
const TELEMETRY = 'the collector has no metrics page: service.telemetry.metrics in its config says none'
const EXPORTER = 'the collector has no page for Prometheus: no prometheus exporter of its config is in use'

function there(backend: HttpBackend | undefined, why: string): HttpBackend {
  if (backend) return backend
  throw new LabError('page-missing', why, { hint: 'otel-lab config diff' })
}

function bodyOf(text: string): { status?: string; upSince?: string } {
  try {
    return JSON.parse(text) as { status?: string; upSince?: string }
  } catch {
    return {}
  }
}
