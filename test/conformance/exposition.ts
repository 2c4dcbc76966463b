// Measures our exposition parsers against suites that others wrote. Bundle it with esbuild, then
//   node exposition.mjs SUITES [--words]
// where SUITES holds openmetrics/openmetrics.json and promtext/prom-textparse.json.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExpositionSink } from '../../src/embedded/prometheus/exposition/entries.ts'
import { parseExposition } from '../../src/embedded/prometheus/exposition/parse.ts'
import { checkOpenMetrics } from '../../src/embedded/prometheus/exposition/strict.ts'

const suites = process.argv[2] ?? process.env.OTEL_LAB_SUITES
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0'
const TEXT = 'text/plain; version=0.0.4'

function collect(): ExpositionSink & { entries: Record<string, unknown>[] } {
  const entries: Record<string, unknown>[] = []
  return {
    entries,
    sample: (m, labels, v, t, exemplar) => {
      const lset: Record<string, string> = {}
      for (let i = 0; i < labels.length; i += 2) lset[labels[i]!] = labels[i + 1]!
      entries.push({ m, v, lset, ...(t !== undefined && { t: Math.trunc(t) }), ...(exemplar && { es: exemplar }) })
    },
    type: (m, typ) => entries.push({ m, typ }),
    help: (m, help) => entries.push({ m, help }),
    unit: (m, unit) => entries.push({ m, unit }),
  }
}

/** '' when it parses, else the error's message. */
function outcome(work: () => void): string {
  try {
    work()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

/** The suite writes bytes that are not UTF-8 as U+FFFD. */
function bytesOf(text: string): Uint8Array {
  const parts = text.split('\ufffd').map((part) => Buffer.from(part))
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from([0xff]), part])))
}

if (suites === undefined) {
  console.log('exposition: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const load = async (file: string) => JSON.parse(await readFile(join(suites, file), 'utf8'))
  let failed = 0
  const tally = (name: string, results: [boolean, string][]) => {
    const good = results.filter(([ok]) => ok).length
    console.log(`${name}: ${good} of ${results.length}`)
    for (const [ok, detail] of results) if (!ok) console.log(`  ✗ ${detail}`)
    failed += results.length - good
  }

  const openmetrics = await load('openmetrics/openmetrics.json')
  tally(
    'openmetrics, accepted and rejected',
    openmetrics.cases.map((c: { name: string; text: string; shouldParse: boolean }) => {
      const error = outcome(() => checkOpenMetrics(Buffer.from(c.text)))
      return [(error === '') === c.shouldParse, `${c.name}: ${error || 'accepted'} ${JSON.stringify(c.text)}`]
    }),
  )

  const text = await load('promtext/prom-textparse.json')
  for (const [key, contentType] of [
    ['prom', TEXT],
    ['openmetrics', OPENMETRICS],
  ] as const) {
    const sink = collect()
    const error = outcome(() => parseExposition(Buffer.from(text[key].input), contentType, sink))
    const all = sink.entries
    // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
    type Expected = Record<string, any>
    const wanted = (text[key].entries as Expected[]).filter((e) => e.comment === undefined)
    // The reference folds `_created` lines into the start time of the other lines; we hand them on as they are.
    const starts = new Set(
      wanted.filter((e) => e.st !== undefined).map((e) => e.lset.__name__.replace(/_(total|count|sum|bucket)$/, '')),
    )
    const got = all.filter(
      (e: Expected) => !(e.lset?.__name__.endsWith('_created') && starts.has(e.lset.__name__.slice(0, -8))),
    )
    const same = (a: Expected | undefined, b: Expected) => {
      if (a === undefined || a.m !== b.m) return false
      if (b.help !== undefined) return a.help === b.help
      if (b.unit !== undefined) return a.unit === b.unit
      if (b.typ !== undefined) return a.typ === b.typ.$id.replace('model.MetricType', '').toLowerCase()
      const lset = b.lset.$call ? b.lset.args[1] : b.lset
      const wantedLabels = Object.fromEntries(
        Object.entries(lset).map(([k, v]) => [k, typeof v === 'string' ? v : 'counter']),
      )
      const value = b.v === 'NaN' ? Number.NaN : (b.v ?? 0)
      const sort = (o: object) => JSON.stringify(Object.entries(o).sort())
      return Object.is(a.v, value) && sort(a.lset) === sort(wantedLabels) && (a.t ?? undefined) === (b.t ?? undefined)
    }
    tally(
      `promtext ${key}, entries${error && ` (stopped: ${error})`}`,
      wanted.map((e, i) => [same(got[i], e), `${JSON.stringify(e)}\n    got ${JSON.stringify(got[i])}`]),
    )
  }

  let words = 0
  const verdicts: [boolean, string][] = []
  for (const [key, contentType] of [
    ['prom_errors', TEXT],
    ['om_errors', OPENMETRICS],
    ['prom_nullbyte', TEXT],
    ['om_nullbyte', OPENMETRICS],
  ] as const) {
    for (const c of text[key] as { input: string; err: string }[]) {
      const error = outcome(() => parseExposition(bytesOf(c.input), contentType, collect()))
      const accepted = c.err === '' || c.err === 'EOF'
      verdicts.push([(error === '') === accepted, `${key} ${JSON.stringify(c.input)}: ${error || 'accepted'}`])
      if (error === (accepted ? '' : c.err)) words++
      else if (process.argv.includes('--words'))
        console.log(`${JSON.stringify(c.input)}\n  want ${c.err}\n  got  ${error}`)
    }
  }
  tally('promtext, accepted and rejected', verdicts)
  console.log(`promtext, the very same words: ${words} of ${verdicts.length}`)
  process.exitCode = failed > 0 ? 1 : 0
}
