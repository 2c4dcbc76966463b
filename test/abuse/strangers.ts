import type { Attack } from './attack.ts'

/** Doors that hold or change something of the lab, and what a page on a stranger's site would send them. */
const DOORS: [name: string, port: number, path: string, method?: string, body?: string][] = [
  ['Tempo search', 3200, '/api/search?q={}'],
  ['Tempo ready', 3200, '/ready'],
  ['Prometheus query', 9090, '/api/v1/query?query=up'],
  ['Prometheus reload', 9090, '/-/reload', 'POST'],
  ['Prometheus write', 9090, '/api/v1/write', 'POST', 'x'],
  ['Loki query', 3100, '/loki/api/v1/labels'],
  ['Loki tail', 3100, '/loki/api/v1/tail?query={a="b"}'],
  ['Loki push', 3100, '/loki/api/v1/push', 'POST', '{"streams":[]}'],
  ['Loki flush', 3100, '/flush', 'POST'],
  ['collector traces', 4318, '/v1/traces', 'POST', '{}'],
  ["collector's page", 8889, '/metrics'],
]

/** Each is refused before it reaches anything, whatever it is: by its Origin, and by its Host (DNS rebinding). */
export function strangers(at: (port: number) => string): Attack[] {
  return DOORS.flatMap(([name, port, path, method, body]) =>
    [{ origin: 'http://evil.test' }, { origin: 'null' }, { host: `evil.test:${port}` }].map((headers) => ({
      name: `${name} from ${Object.entries(headers).flat().join(' ')}`,
      request: {
        url: at(port) + path,
        headers: { 'content-type': 'text/plain', ...headers } as Record<string, string>,
        ...(method ? { method } : {}),
        ...(body ? { body } : {}),
      },
      expect: [403],
    })),
  )
}
