import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, bench, spans, until } from './support.ts'

let lab: Bench
beforeEach(async () => {
  lab = await bench()
})
afterEach(() => lab.end())

/** Starts a collector, sends a span through its debug exporter, and stops it; returns what stood on the console. */
async function consoleOf(logs: string, debug = ''): Promise<string> {
  const service = await lab.start(`
receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}
exporters: {debug: {verbosity: detailed, ${debug}}}
service:
  telemetry: {logs: {${logs}}}
  pipelines: {traces: {receivers: [otlp], exporters: [debug]}}
`)
  await lab.send('traces', spans('seen'))
  await service.stop()
  return lab.log.join('\n')
}

const fileOf = (path: string) => readFile(join(lab.dir, 'files', path), 'utf8').catch(() => '')

test('the log goes to the console, and the debug exporter prints through it', async () => {
  const text = await consoleOf('')
  expect(text).toContain('Everything is ready')
  expect(text).toContain('Name           : seen')
})

test('output_paths: [/dev/null] prints nothing, of the debug exporter neither', async () => {
  expect(await consoleOf('output_paths: [/dev/null]')).toBe('')
})

test('a debug exporter with outputs of its own prints whatever becomes of the log, without time and level', async () => {
  const text = await consoleOf('output_paths: [/dev/null]', 'use_internal_logger: false')
  expect(text).toMatch(/^Traces\t\{/)
  expect(text).toContain('Name           : seen')
  expect(text).not.toContain('Everything is ready')
})

test('a file that is named has the log, below the lab; what is named besides has it too', async () => {
  const text = await consoleOf('output_paths: [stdout, /var/log/otel/collector.log]')
  expect(text).toContain('Shutdown complete')
  await until(async () => (await fileOf('var/log/otel/collector.log')).includes('Shutdown complete'))
  const written = (await fileOf('var/log/otel/collector.log')).trim()
  expect(written).toBe(text)
})

test('a debug exporter may print to a file', async () => {
  const text = await consoleOf('', 'use_internal_logger: false, output_paths: [/tmp/debug.txt]')
  expect(text).not.toContain('Name           : seen')
  await until(async () => (await fileOf('tmp/debug.txt')).includes('Name           : seen'))
})
