import { prometheusClient } from '../../backends/prometheus.ts'
import { driftOfAll, sayDrift } from '../../config-change.ts'
import { samplesAhead } from '../../diagnosis/ahead.ts'
import type { Endpoints, Engine, EngineStatus } from '../../engine.ts'
import { PORTS } from '../../engine.ts'
import { httpRequest } from '../../util/http.ts'
import { describeOwner, portOwner } from '../../util/port-owner.ts'
import type { Workspace } from '../../workspace.ts'
import type { Finding, Patient } from './finding.ts'

const MAX_SKEW_MS = 2_000

/** With the lab down, whether its ports are free for it; otherwise who holds them. */
export async function checkPorts(portOffset: number): Promise<Finding> {
  // Grafana's is not the embedded engine's.
  const ports = Object.entries(PORTS)
    .filter(([name]) => name !== 'grafana')
    .map(([, port]) => port + portOffset)
  const owners = await Promise.all(ports.map(async (port) => ({ port, owner: await portOwner(port) })))
  const taken = owners.filter(({ owner }) => owner)
  if (taken.length === 0) return { state: 'ok', title: 'Ports', seen: `${ports.join(', ')} are free` }
  return {
    state: 'error',
    title: 'Ports',
    seen: taken.map(({ port, owner }) => `${port} is held by ${describeOwner(owner)}`).join('\n'),
    next: `otel-lab up --port-offset ${portOffset + 1000}`,
  }
}

export async function checkServices({ engine }: Patient): Promise<{ findings: Finding[]; status: EngineStatus }> {
  const status = await engine.status()
  if (!status.running) {
    return { status, findings: [{ state: 'warning', title: 'Lab', seen: 'not running', next: 'otel-lab up' }] }
  }
  const findings = status.services.map(({ name, state, problem, detail }): Finding => {
    if (state === 'ready') return { state: 'ok', title: name, seen: [state, detail].filter(Boolean).join(', ') }
    return {
      state: 'error',
      title: name,
      seen: problem ?? state,
      next: `otel-lab restart ${name}, or: otel-lab logs ${name} --tail 20`,
    }
  })
  for (const { name, damaged } of status.services) {
    if (!damaged) continue
    findings.push({
      state: 'warning',
      title: name,
      seen: `some of its stored data is damaged, and left out of every answer; it is kept in\n${damaged.join('\n')}`,
      next: `Keep a copy if you need it, then take it away: rm ${damaged.join(' ')}`,
    })
  }
  return { status, findings }
}

/** Whether what runs is what the files say. */
export async function checkConfigs(workspace: Workspace, engine: Engine): Promise<Finding[]> {
  const drifts = await driftOfAll(workspace, engine)
  const told = drifts.flatMap((drift): Finding[] => {
    const said = sayDrift(drift)
    return said ? [{ state: 'warning', title: 'Config', seen: said.text, next: said.next }] : []
  })
  if (told.length > 0 || drifts.every(({ state }) => state === 'unknown')) return told
  return [{ state: 'ok', title: 'Configs', seen: 'what runs is what the files say' }]
}

/** Each backend's own ready page and, by its Date header, its clock. */
export async function checkBackends(endpoints: Endpoints): Promise<Finding[]> {
  const pages = [
    ['Tempo answers', endpoints.tempo, '/ready', '/api/echo'],
    ['Prometheus answers', endpoints.prometheus, '/-/ready', '/api/v1/status/buildinfo'],
    ['Loki answers', endpoints.loki, '/ready', '/loki/api/v1/labels'],
  ] as const
  const ahead = prometheusClient(endpoints.prometheus)
    .newestSample({ timeoutMs: 3_000 })
    .then((newest) => samplesAhead(newest, Date.now()))
    .catch(() => undefined)
  const findings = await Promise.all(
    pages.map(async ([title, { url, headers }, ready, hosted]): Promise<Finding> => {
      let path: string = ready
      try {
        let sent = Date.now()
        const ask = () => httpRequest(url + path, { timeoutMs: 3_000, ...(headers ? { headers } : {}) })
        let answer = await ask()
        if (answer.status === 404) {
          // Hosted ones have no ready page.
          path = hosted
          sent = Date.now()
          answer = await ask()
        }
        if (answer.status !== 200)
          return { state: 'error', title, seen: `${url + path} says ${answer.status} ${answer.text.trim()}` }
        const skew = skewOf(answer.date, sent, Date.now())
        if (Math.abs(skew) > MAX_SKEW_MS) {
          return {
            state: 'warning',
            title,
            seen: `${url}, but its clock is ${Math.round(skew / 1000)} s off`,
            next: 'Set both clocks by NTP; latencies and time ranges are wrong until then',
          }
        }
        return { state: 'ok', title, seen: url + path }
      } catch (error) {
        return { state: 'error', title, seen: `${url + path}: ${(error as Error).message}`, next: 'otel-lab status' }
      }
    }),
  )
  const future = await ahead
  return future ? [...findings, { state: 'warning', title: 'Clock', ...future }] : findings
}

/** A Date header has whole seconds: what may be rounding or travel is no skew. */
function skewOf(date: string | undefined, sent: number, received: number): number {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return 0
  if (theirs > received) return theirs - received
  return theirs + 1000 < sent ? theirs + 1000 - sent : 0
}
