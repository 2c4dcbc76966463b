import { execFile } from 'node:child_process'
import { parseArgs, promisify } from 'node:util'
import { realPrometheus, startEmbedded, startReal } from '../../support/prometheus-process.ts'
import { QueryGenerator, type RandomSeries, randomSeries } from '../../support/promql-queries.ts'
import { Random } from '../../support/random.ts'
import { remoteWrite } from '../../support/remote-write.ts'
import { ask, difference } from './compare.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, queries: { type: 'string', default: '200' } },
})
/** How often the real one is asked again. */
const CHANCES = 30

process.exitCode = await run(Number(values.seed), Number(values.queries))

/** Feeds both, asks both, prints N of M and every difference. Returns the exit code. */
async function run(seed: number, queries: number): Promise<number> {
  const version = realPrometheus()
  if (version === undefined) {
    console.log('promql differential: SKIPPED, there is no prometheus on this machine (apt-get install prometheus)')
    return 0
  }
  const random = new Random(seed)
  const end = Math.floor(Date.now() / 1000) * 1000
  const series = randomSeries(random, end)
  const generator = new QueryGenerator(random)
  const [ours, real] = [await startEmbedded(), await startReal()]
  try {
    for (const server of [ours, real]) await feed(server.url, series)
    let same = 0
    let refused = 0
    for (let i = 0; i < queries; i++) {
      const query = generator.query()
      // Half seconds, so that no edge of a window meets a sample or a subquery's step.
      const time = end / 1000 - 600 - random.below(1800) + 0.5
      const instant = { query, time: String(time) }
      const range = { query, start: String(time - 600), end: String(time), step: '37' }
      const asked = [
        ['query', instant],
        ['query_range', range],
      ] as const
      const differs: string[] = []
      let isRefused = false
      for (const [path, parameters] of asked) {
        const mine = await ask(ours.url, path, parameters)
        const theirs = () => ask(real.url, path, parameters)
        const first = await theirs()
        if (path === 'query' && first.status === 'error') isRefused = true
        let unlike = difference(mine, first)
        // The real one adds up the series of a range in an order of chance, so that the last bit of a sum is too:
        // where it does not say the same twice, one of what it says must be what ours says.
        for (let again = 0; unlike !== undefined && again < CHANCES; again++) {
          if (difference(mine, await theirs()) === undefined) unlike = undefined
        }
        if (unlike !== undefined) differs.push(unlike)
      }
      if (isRefused) refused++
      if (differs.length === 0) same++
      else console.log(`  ✗ at ${time}: ${query}\n      ${differs[0]}`)
    }
    console.log(
      `promql: ${same} of ${queries} queries answered as ${version} does (seed ${seed}; ${refused} refused by both)`,
    )
    const tool = await promtool(ours.url)
    console.log(`promtool query instant: ${tool ? 'reads the embedded answer' : 'FAILED'}`)
    return same === queries && tool ? 0 : 1
  } finally {
    await Promise.all([ours.stop(), real.stop()])
  }
}

/** In the order in which samples were taken, some minutes a request, as a real sender does. */
async function feed(url: string, series: readonly RandomSeries[]): Promise<void> {
  const times = series.flatMap(({ samples }) => samples.map(({ time }) => time))
  const last = times.reduce((a, b) => Math.max(a, b))
  for (let from = times.reduce((a, b) => Math.min(a, b)); from <= last; from += 300_000) {
    const part = series.flatMap(({ labels, samples }) => {
      const now = samples.filter(({ time }) => time >= from && time < from + 300_000)
      return now.length === 0 ? [] : [{ labels, samples: now }]
    })
    await remoteWrite(url, part)
  }
}

/** The real command-line client, against the embedded server. */
async function promtool(url: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)('promtool', ['query', 'instant', url, 'vector(42)'])
  return stdout.includes('=> 42 @')
}
