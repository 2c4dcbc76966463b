import { ExpositionError } from '../../../src/embedded/prometheus/exposition/entries.ts'
import { parseExposition } from '../../../src/embedded/prometheus/exposition/parse.ts'
import { checkOpenMetrics } from '../../../src/embedded/prometheus/exposition/strict.ts'
import { judged, type Verdict } from '../shared/tally.ts'
import { type Collected, collect } from './collect.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Json = any

/** '' when it parses, else the refusal's words; what is no refusal is thrown on. */
function refusalOf(work: () => void): string {
  try {
    work()
    return ''
  } catch (error) {
    if (error instanceof ExpositionError) return error.message
    throw error
  }
}

export function openMetricsCases(cases: Json[]): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) =>
      judged(`${c.name} ${JSON.stringify(c.text)}`, () => {
        const refusal = refusalOf(() => checkOpenMetrics(Buffer.from(c.text)))
        return (refusal === '') === c.shouldParse ? undefined : refusal || 'accepted'
      }),
    ),
  )
}

/** Every entry of one page, in its order. */
export async function entryCases(page: { input: string; entries: Json[] }, contentType: string): Promise<Verdict[]> {
  const sink = collect()
  const refusal = refusalOf(() => parseExposition(Buffer.from(page.input), contentType, sink))
  const wanted = page.entries.filter((e) => e.comment === undefined)
  // The reference folds `_created` lines into the start time of the other lines; ours come as lines of their own.
  const starts = new Map<string, number>()
  const folded = new Set(wanted.filter((e) => e.st !== undefined).map((e) => familyOf(e.lset.__name__)))
  const got = sink.entries.filter(({ labels, value }) => {
    const name = labels?.__name__
    if (!name?.endsWith('_created') || !folded.has(name.slice(0, -8))) return true
    starts.set(seriesOf({ ...labels, __name__: name.slice(0, -8) }), value! * 1000)
    return false
  })
  const verdicts = await Promise.all(
    wanted.map((e, i) => judged(JSON.stringify(e), () => entryFault(got[i], e, starts))),
  )
  const whole: Verdict = [refusal === '' && got.length === wanted.length, `${got.length} entries ${refusal}`]
  return [...verdicts, whole]
}

const familyOf = (name: string) => name.replace(/_(total|count|sum|bucket)$/, '')

/** What a `_created` line is about: the series of its family, whatever their bucket or quantile. */
function seriesOf({ __name__, le, quantile, ...labels }: Record<string, string>): string {
  // A counter may have a label that is called as a bucket's.
  const own = __name__ === undefined || le === undefined || /^[\d.+]|^\+Inf/.test(le) ? labels : { ...labels, le }
  return JSON.stringify([familyOf(__name__ ?? ''), Object.entries(own).sort()])
}

function entryFault(got: Collected | undefined, wanted: Json, starts: Map<string, number>): string | undefined {
  const bad = `got ${JSON.stringify(got)}`
  if (got === undefined || got.name !== wanted.m) return bad
  if (wanted.help !== undefined) return got.help === wanted.help ? undefined : bad
  if (wanted.unit !== undefined) return got.unit === wanted.unit ? undefined : bad
  if (wanted.typ !== undefined) {
    return got.type === wanted.typ.$id.replace('model.MetricType', '').toLowerCase() ? undefined : bad
  }
  const lset = wanted.lset.$call ? wanted.lset.args[1] : wanted.lset
  const labels = Object.fromEntries(Object.entries(lset).map(([k, v]) => [k, typeof v === 'string' ? v : 'counter']))
  const sorted = (o: object = {}) => JSON.stringify(Object.entries(o).sort())
  const value = wanted.v === 'NaN' ? Number.NaN : (wanted.v ?? 0)
  if (!Object.is(got.value, value) || sorted(got.labels) !== sorted(labels) || got.time !== wanted.t) return bad
  if (wanted.st !== undefined && starts.get(seriesOf(labels as Record<string, string>)) !== wanted.st) {
    return `starts at ${starts.get(seriesOf(labels as Record<string, string>))}`
  }
  const exemplars = (wanted.es ?? []).map((e: Json) => [sorted(e.Labels), e.Value, e.HasTs ? e.Ts : undefined])
  const own = got.exemplar && [[sorted(got.exemplar.labels), got.exemplar.value, got.exemplar.time]]
  return JSON.stringify(own ?? []) === JSON.stringify(exemplars) ? undefined : bad
}

/** The suite writes bytes that are not UTF-8 as U+FFFD. */
function bytesOf(text: string): Uint8Array {
  const parts = text.split('\ufffd').map((part) => Buffer.from(part))
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from([0xff]), part])))
}

/** What is refused, and what is said of it. */
export function verdictCases(cases: { input: string; err: string }[], contentType: string): Promise<Verdict[]> {
  return Promise.all(
    cases.map(({ input, err }) =>
      judged(JSON.stringify(input), () => {
        const wanted = err === 'EOF' ? '' : err
        const got = refusalOf(() => parseExposition(bytesOf(input), contentType, collect()))
        return got === wanted ? undefined : `says ${got || 'nothing'}, wanted ${wanted || 'nothing'}`
      }),
    ),
  )
}
