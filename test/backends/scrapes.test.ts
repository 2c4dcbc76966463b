import { expect, test } from 'vitest'
import { scrapeIntervalOf, scrapesOf } from '../../src/backends/scrapes.ts'

const CONFIG = `global: {scrape_interval: 20s}
scrape_configs:
  - job_name: a
    scrape_interval: 5s
    metrics_path: /page
    scheme: https
    static_configs: [{targets: ['one:1', 'two:2']}]
  - job_name: b
    static_configs: [{targets: ['three:3']}]
`

test('a Prometheus that has just started is known by its config', async () => {
  const young = { targets: async () => [], config: async () => CONFIG }
  expect(await scrapesOf(young)).toMatchObject([
    { job: 'a', url: 'https://one:1/page', health: 'unknown', interval: '5s', labels: { instance: 'one:1' } },
    { url: 'https://two:2/page', interval: '5s' },
    { url: 'http://three:3/metrics', interval: '20s' },
  ])
  expect(await scrapeIntervalOf(young)).toBe(20_000)
})

test('one that tells of nothing is not known', async () => {
  const gone = async () => Promise.reject(new Error('gone'))
  expect(await scrapesOf({ targets: gone, config: gone })).toEqual([])
  for (const config of [
    'scrape_configs: [',
    '',
    'scrape_configs: x',
    'scrape_configs: [null, {static_configs: [null, {}]}]',
  ]) {
    expect(await scrapeIntervalOf({ targets: async () => [], config: async () => config })).toBeUndefined()
  }
})
