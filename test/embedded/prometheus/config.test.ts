import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parsePrometheusConfig } from '../../../src/embedded/prometheus/config.ts'
import { relabel } from '../../../src/embedded/prometheus/relabel.ts'
import { formatModelDuration, modelDurationMs } from '../../../src/embedded/series/model-duration.ts'

const parse = (text: string) => parsePrometheusConfig(text, 'prometheus.yml')

test('the shipped config', () => {
  const config = parse(readFileSync('stack/configs/prometheus.yml', 'utf8'))
  expect(config.scrapeConfigs.map((job) => [job.jobName, job.intervalMs, job.timeoutMs, job.honorLabels])).toEqual([
    ['otel-collector', 15_000, 10_000, true],
    ['otel-collector-self', 15_000, 10_000, false],
  ])
  expect(config).toMatchObject({ maxExemplars: 100_000, outOfOrderWindowMs: 600_000, warnings: [] })
})

test('defaults are the real ones, and a job overrides global', () => {
  const [a, b] = parse(
    'global: {scrape_interval: 5s}\nscrape_configs: [{job_name: a}, {job_name: b, scrape_interval: 1m, scrape_timeout: 20s}]',
  ).scrapeConfigs
  expect(a).toMatchObject({ intervalMs: 5000, timeoutMs: 5000, metricsPath: '/metrics', honorTimestamps: true })
  expect(b).toMatchObject({ intervalMs: 60_000, timeoutMs: 20_000 })
  expect(parse('').scrapeConfigs).toEqual([])
})

test.each([
  ['scrape_configs:\n  - job_name: a\n    x: 1', 'line 3: field x not found in type config.plain'],
  ['global:\n  scrape_interval: soon', 'line 2: not a valid duration string: "soon"'],
  ['scrape_configs:\n  - job_name: a\n  - job_name: a', 'found multiple scrape configs with job name "a"'],
  ['scrape_configs:\n  - metrics_path: /x', 'job_name is empty'],
  [
    'scrape_configs:\n  - job_name: a\n    scrape_timeout: 2m',
    'scrape timeout greater than scrape interval for scrape config with job name "a"',
  ],
  [
    'scrape_configs:\n  - job_name: a\n    kubernetes_sd_configs: [{role: pod}]',
    'kubernetes_sd_configs is not in the lab',
  ],
  [
    'scrape_configs:\n  - job_name: a\n    static_configs: [{targets: ["http://x"]}]',
    '"http://x" is not a valid hostname',
  ],
  ['scrape_configs:\n  - job_name: a\n    relabel_configs: [{action: what}]', 'unknown relabel action "what"'],
  ['scrape_configs:\n  - job_name: a\n    relabel_configs: [{regex: "(", action: keep}]', 'error parsing regexp'],
  ['rule_files: [x.yml]', 'rule_files is refused: the embedded Prometheus evaluates no rules (line 1)'],
  ['a: [', 'yaml: line'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message)
  expect(() => parse(text)).toThrow(/^parsing YAML file prometheus\.yml: /)
})

test('durations', () => {
  expect(['1h30m', '500ms', '1d', '0', '1.5s', ''].map(modelDurationMs)).toEqual([
    5_400_000,
    500,
    86_400_000,
    0,
    undefined,
    undefined,
  ])
  expect([5_400_000, 500, 86_400_000, 1500, 0, 90_000_000, 1_209_600_000].map(formatModelDuration)).toEqual([
    '1h30m',
    '500ms',
    '1d',
    '1s500ms',
    '0s',
    '1d1h',
    '2w',
  ])
})

/** The labels after these rules, or undefined when dropped. */
function relabelled(labels: Record<string, string>, rules: string) {
  const config = parse(`scrape_configs: [{job_name: a, relabel_configs: ${rules}}]`)
  const map = new Map(Object.entries(labels))
  return relabel(map, config.scrapeConfigs[0]!.relabel) ? Object.fromEntries(map) : undefined
}

test.each([
  [
    '[{source_labels: [a, b], regex: "(.*);x(.*)", target_label: "n_$2", replacement: "${1}!"}]',
    { a: '1', b: 'xy', n_y: '1!' },
  ],
  ['[{source_labels: [a], regex: "2", action: keep}]', undefined],
  ['[{source_labels: [a], regex: "1", action: drop}]', undefined],
  ['[{regex: "a", action: labeldrop}]', { b: 'xy' }],
  ['[{regex: "a", action: labelkeep}]', { a: '1' }],
  ['[{regex: "(a)", action: labelmap, replacement: "old_$1"}]', { a: '1', b: 'xy', old_a: '1' }],
  ['[{source_labels: [b], target_label: b, action: uppercase}]', { a: '1', b: 'XY' }],
  ['[{source_labels: [b], target_label: a, action: keepequal}]', undefined],
  ['[{source_labels: [b], target_label: a, action: dropequal}]', { a: '1', b: 'xy' }],
  ['[{target_label: a, replacement: ""}]', { b: 'xy' }],
  ['[{source_labels: [b], target_label: a, action: hashmod, modulus: 1000}]', { a: '165', b: 'xy' }],
])('relabel %s', (rules, expected) => {
  expect(relabelled({ a: '1', b: 'xy' }, rules)).toEqual(expected)
})
