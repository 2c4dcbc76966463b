import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let suites: string
beforeAll(() => {
  suites = mkdtempSync(join(tmpdir(), 'suites-'))
})
afterAll(() => rmSync(suites, { recursive: true, force: true }))

function run(...args: string[]) {
  const { stdout, status } = spawnSync(process.execPath, ['test/conformance.mjs', ...args], { encoding: 'utf8' })
  return { stdout, status }
}

test('says loudly that there are no suites, and fails nothing', () => {
  const { stdout, status } = run(join(suites, 'nowhere'))
  expect(stdout).toContain('SKIPPED: no suites')
  expect(status).toBe(0)
})

test('counts as failed, and names, what it cannot put', () => {
  mkdirSync(join(suites, 'otlp-to-loki'))
  const record = { timeUnixNano: '1', body: { stringValue: 'a line' } }
  const suite = {
    default_index_labels: [],
    default_service_name_discovery: [],
    push: [{ name: 'broken', otlp: { resourceLogs: 'no list' }, streams: [] }],
    entry: [{ name: 'right', record, metadata: {} }],
    of_tomorrow: [{}, {}],
  }
  writeFileSync(join(suites, 'otlp-to-loki', 'otlp-to-loki.json'), JSON.stringify(suite))
  const { stdout, status } = run(suites, '--only', 'otlp-to-loki')
  expect(stdout).toContain('requests to streams: 0 of 1\n  ✗ broken: threw ')
  expect(stdout).toContain('records to lines: 1 of 1')
  expect(stdout).toContain('of_tomorrow: 0 of 2\n  ✗ this measurement does not know how to put it')
  expect(stdout).toContain('otlp-to-loki         1 of 5')
  expect(status).toBe(1)
})
