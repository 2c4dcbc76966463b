import type { Endpoints, EngineStatus, ServiceName } from '../../engine.ts'
import { humanBytes } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderTable } from '../../ui/table.ts'

const ROLES: Record<ServiceName, string> = {
  'otel-collector': 'the hub: takes OTLP in, sends it on',
  tempo: 'traces',
  prometheus: 'metrics',
  loki: 'logs',
  grafana: 'dashboards',
}

/** What runs where, a row for each service, then what is wrong with those that do not run. */
export function renderStatus(status: EngineStatus, endpoints?: Endpoints, p: Paint = paint()): string {
  const colour = { ready: p.green, starting: p.yellow, unhealthy: p.yellow, stopped: p.red }
  const inContainers = status.services.some(({ cpuPercent }) => cpuPercent !== undefined)
  const rows = status.services.map(({ name, state, ports, memoryBytes, cpuPercent, detail }) => [
    name,
    colour[state](state),
    endpoints && name in endpoints ? endpoints[name as 'tempo'].url : '',
    Object.entries(ports)
      .map(([purpose, port]) => `${purpose}\u00a0${port}`)
      .join(', '),
    ...(inContainers
      ? [
          memoryBytes === undefined ? '' : humanBytes(memoryBytes),
          cpuPercent === undefined ? '' : `${cpuPercent} %`,
          detail ?? '',
        ]
      : [memoryBytes === undefined ? ROLES[name] : `${ROLES[name]}, ${humanBytes(memoryBytes)}`]),
  ])
  const last = inContainers ? ['MEMORY', 'CPU', 'IMAGE'] : ['FOR']
  const table = renderTable(['SERVICE', 'STATE', 'URL', 'PORTS', ...last], rows, { paint: p })
  const problems = status.services
    .filter(({ problem }) => problem)
    .map(({ name, problem }) => `${p.red('✗')} ${name}: ${problem!.replaceAll('\n', '\n  ')}`)
  const damages = status.services
    .filter(({ damaged }) => damaged)
    .map(({ name, damaged }) => `${p.yellow('!')} ${sayDamage(name, damaged!)}`)
  return [table, ...problems, ...damages].join('\n')
}

/** Told until somebody takes the files away: what is in them is shown by no query. */
function sayDamage(name: ServiceName, files: readonly string[]): string {
  return [
    `${name}: some of its stored data is damaged, and left out of every answer; it is kept in`,
    ...files.map((file) => `    ${file}`),
    '  → keep a copy if you need it, then take it away: rm <file>, so that this is no longer told',
  ].join('\n')
}

/** Endpoints without their headers, which may hold secrets. */
export function statusToJson(status: EngineStatus, endpoints?: Endpoints): Record<string, unknown> {
  const urls = Object.fromEntries(Object.entries(endpoints ?? {}).map(([name, { url }]) => [name, url]))
  return {
    engine: status.kind,
    running: status.running,
    startedAt: status.startedAt,
    services: status.services,
    endpoints: urls,
  }
}
