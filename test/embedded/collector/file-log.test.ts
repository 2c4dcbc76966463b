import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { resolveConfig } from '../../../src/collector-config.ts'
import type { LogRecord, LogsData } from '../../../src/otlp/types.ts'
import { type Bench, bench, until } from './support.ts'

let open: Bench | undefined
afterEach(() => open?.end())

const config = (receiver: string, more = '') => `
receivers:
  file_log: ${receiver}
exporters: {otlp_grpc: {endpoint: 'tempo:4317', tls: {insecure: true}, sending_queue: {enabled: false}}}
${more}
  pipelines: {logs: {receivers: [file_log], exporters: [otlp_grpc]}}
`
const plain = (receiver: string) => config(receiver, 'service:')

const recordsOf = (got: { data: unknown }[]): LogRecord[] =>
  got.flatMap(({ data }) => (data as LogsData).flatMap(({ scopes }) => scopes.flatMap(({ items }) => items)))
const attributesOf = (record: LogRecord) => Object.fromEntries(record.attributes.map(({ key, value }) => [key, value]))

async function logsFolder(): Promise<string> {
  open = await bench()
  const folder = join(open.dir, 'files', 'logs')
  await mkdir(folder, { recursive: true })
  return folder
}

test('lines become records: JSON with a time and a severity, a pattern, and a field that moves', async () => {
  const folder = await logsFolder()
  const backend = await open!.backend()
  const lines = ['{"at":"2026-01-02T03:04:05.678Z","level":"warning","msg":"slow","user":{"id":7}}', 'no json at all']
  await writeFile(join(folder, 'app.log'), `${lines.join('\n')}\n\n`)
  await open!.start(
    plain(
      `
    include: [/logs/*.log]
    start_at: beginning
    poll_interval: 20ms
    include_file_path: true
    resource: {service.name: shop}
    operators:
      - type: json_parser
        timestamp: {parse_from: attributes.at, layout: '%Y-%m-%dT%H:%M:%S.%LZ'}
        severity: {parse_from: attributes.level}
      - {type: move, from: attributes.msg, to: body, on_error: send_quiet}
      - {type: remove, field: attributes.at, on_error: send_quiet}
      - {type: add, field: 'attributes["seen.by"]', value: lab}`,
    ),
  )
  await until(() => recordsOf(backend.got).length === 2)
  const [parsed, other] = recordsOf(backend.got)
  expect(parsed).toMatchObject({
    body: 'slow',
    severityNumber: 13,
    severityText: 'warning',
    timeUnixNano: 1_767_323_045_678_000_000n,
  })
  const user = { values: [{ key: 'id', value: 7 }] }
  const file = { 'log.file.name': 'app.log', 'log.file.path': '/logs/app.log' }
  expect(attributesOf(parsed!)).toEqual({ ...file, level: 'warning', user, 'seen.by': 'lab' })
  expect(other).toMatchObject({ body: 'no json at all', severityNumber: 0, timeUnixNano: 0n })
  expect(attributesOf(other!)).toEqual({ ...file, 'seen.by': 'lab' })
  expect((backend.got[0]!.data as LogsData)[0]!.resource.attributes).toEqual([{ key: 'service.name', value: 'shop' }])
  expect(open!.log.join('')).toContain('Failed to process entry')
})

test('a file is read on after it was renamed, its new self from the start, and half a line once it is whole', async () => {
  const folder = await logsFolder()
  const backend = await open!.backend()
  const path = join(folder, 'app.log')
  await writeFile(path, 'before the start\n')
  const bodies = () => recordsOf(backend.got).map(({ body }) => body)
  await open!.start(plain('{include: [/logs/*], poll_interval: 20ms, force_flush_period: 0s}'))
  // The first look is what decides where the end is.
  await until(() => open!.log.join('').includes('Started watching file'))
  await appendFile(path, 'one\ntw')
  await until(() => bodies().length === 1)
  await appendFile(path, 'o\n')
  await until(() => bodies().length === 2)
  await rename(path, `${path}.1`)
  await writeFile(path, 'another file\n')
  await appendFile(`${path}.1`, 'late\n')
  await until(() => bodies().length === 4)
  expect(bodies().sort()).toEqual(['another file', 'late', 'one', 'two'])
})

test('records of several lines begin where the pattern is; the last one comes when the file rests', async () => {
  const folder = await logsFolder()
  const backend = await open!.backend()
  await writeFile(join(folder, 'a.log'), '2026 boom\n  at x\n  at y\n2026 fine\n')
  const pattern = "multiline: {line_start_pattern: '^2026|\\n2026'}"
  await open!.start(
    plain(`{include: [/logs/a.log], start_at: beginning, poll_interval: 20ms, force_flush_period: 100ms, ${pattern}}`),
  )
  await until(() => recordsOf(backend.got).length === 2)
  expect(recordsOf(backend.got).map(({ body }) => body)).toEqual(['2026 boom\n  at x\n  at y', '2026 fine'])
})

test('with a storage the next process reads on where this one was', async () => {
  const folder = await logsFolder()
  const backend = await open!.backend()
  const path = join(folder, 'a.log')
  await writeFile(path, 'one\n')
  const kept = config(
    '{include: [/logs/a.log], start_at: beginning, poll_interval: 20ms, storage: file_storage}',
    'extensions: {file_storage: {directory: /kept}}\nservice:\n  extensions: [file_storage]',
  )
  const first = await open!.start(kept)
  await until(() => recordsOf(backend.got).length === 1)
  await first.stop()
  await appendFile(path, 'two\n')
  await open!.start(kept)
  await until(() => recordsOf(backend.got).length === 2)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(recordsOf(backend.got).map(({ body }) => body)).toEqual(['one', 'two'])
})

test.each([
  ['{}', "'include' must be specified"],
  ['{include: [/a], start_at: middle}', "invalid start_at location 'middle'"],
  ['{include: [/a], operators: [{type: jsonparser}]}', "unsupported type 'jsonparser'"],
  ['{include: [/a], operators: [{type: regex_parser, regex: a}]}', 'no named capture groups in regex pattern'],
  ['{include: [/a], operators: [{type: move, from: level, to: body}]}', 'unrecognized prefix'],
  [
    '{include: [/a], operators: [{type: time_parser, parse_from: body}]}',
    'missing required configuration parameter `layout`',
  ],
  ['{include: [/a], storage: file_storage}', "storage extension 'file_storage' not found"],
])('%s is refused', (receiver, words) => {
  const { diagnostics } = resolveConfig(plain(receiver), {})
  expect(
    diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
      .join(),
  ).toContain(words)
})
