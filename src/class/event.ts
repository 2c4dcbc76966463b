import { attributeOf } from '../otlp/attributes.ts'
import type { AnyValue, KeyValue, LogRecord, ResourceOf } from '../otlp/types.ts'

/** What a learner's lab tells a class of one check. Nothing of programs, answers or telemetry is in it. */
export interface ClassEvent {
  /** Told twice, it counts once. */
  id: string
  /** Milliseconds since the epoch, by the learner's clock. */
  at: number
  member: string
  name: string
  kind: 'joined' | 'checked' | 'left'
  course?: string
  number?: number
  slug?: string
  verdict?: string
  /** Of each check `id:verdict` or `id:verdict:case`. */
  results: string[]
  hints: number
  /** Done by --apply. */
  applied: boolean
}

const SERVICE = 'otel-lab-class'
const MAX_TEXT = 80
const MAX_RESULTS = 40
/** Letters of any script, and what stands between them; no control characters, nothing that HTML or CSV act upon. */
const TEXT = /[^\p{L}\p{N} ._:/@+'-]/gu

const cleaned = (text: string, most = MAX_TEXT) => text.replaceAll(TEXT, '').trim().slice(0, most)

/** As OTLP log records, which any Collector takes. */
export function toOtlp(events: readonly ClassEvent[]): ResourceOf<LogRecord>[] {
  return events.map((event) => ({
    resource: {
      attributes: [
        { key: 'service.name', value: SERVICE },
        { key: 'service.instance.id', value: event.member },
      ],
      droppedAttributesCount: 0,
    },
    schemaUrl: '',
    scopes: [
      {
        scope: { name: SERVICE, version: '', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        items: [recordOf(event)],
      },
    ],
  }))
}

function recordOf(event: ClassEvent): LogRecord {
  const { id, at, name, kind, course, number, slug, verdict, results, hints, applied } = event
  const attributes: KeyValue[] = [
    { key: 'class.event.id', value: id },
    { key: 'class.event.kind', value: kind },
    { key: 'class.member.name', value: name },
    ...(course === undefined ? [] : [{ key: 'exercise.course', value: course }]),
    ...(number === undefined ? [] : [{ key: 'exercise.number', value: BigInt(number) }]),
    ...(slug === undefined ? [] : [{ key: 'exercise.slug', value: slug }]),
    ...(verdict === undefined ? [] : [{ key: 'exercise.verdict', value: verdict }]),
    { key: 'exercise.results', value: results },
    { key: 'exercise.hints', value: BigInt(hints) },
    { key: 'exercise.applied', value: applied },
  ]
  const what = kind === 'checked' ? `exercise ${number} ${verdict}` : kind
  return {
    timeUnixNano: BigInt(Math.round(at)) * 1_000_000n,
    observedTimeUnixNano: BigInt(Math.round(at)) * 1_000_000n,
    severityNumber: verdict === 'failed' ? 13 : 9,
    severityText: verdict === 'failed' ? 'WARN' : 'INFO',
    body: `${name}: ${what}`,
    attributes,
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
  }
}

/** What of a request is a class's; anything else is left out, and every text is bounded. */
export function fromOtlp(data: readonly ResourceOf<LogRecord>[]): ClassEvent[] {
  return data.flatMap(({ resource, scopes }) => {
    const member = textOf(attributeOf(resource.attributes, 'service.instance.id'))
    if (textOf(attributeOf(resource.attributes, 'service.name')) !== SERVICE || member === '') return []
    return scopes.flatMap(({ items }) => items.flatMap((record) => eventOf(member, record)))
  })
}

function eventOf(member: string, { timeUnixNano, attributes }: LogRecord): ClassEvent[] {
  const text = (key: string) => textOf(attributeOf(attributes, key))
  const number = (key: string) => {
    const value = Number(attributeOf(attributes, key) ?? Number.NaN)
    return Number.isInteger(value) && value >= 0 && value < 10_000 ? value : undefined
  }
  const kind = text('class.event.kind')
  const [id, name, verdict, course, slug] = [
    text('class.event.id'),
    text('class.member.name'),
    text('exercise.verdict'),
    text('exercise.course'),
    text('exercise.slug'),
  ]
  const exercise = number('exercise.number')
  if (id === '' || name === '' || (kind !== 'joined' && kind !== 'checked' && kind !== 'left')) return []
  if (kind === 'checked' && (exercise === undefined || verdict === '' || slug === '')) return []
  const results = attributeOf(attributes, 'exercise.results')
  return [
    {
      id,
      at: Number(timeUnixNano / 1_000_000n),
      member,
      name,
      kind,
      ...(course === '' ? {} : { course }),
      ...(exercise === undefined ? {} : { number: exercise }),
      ...(slug === '' ? {} : { slug }),
      ...(verdict === '' ? {} : { verdict }),
      results: Array.isArray(results) ? results.slice(0, MAX_RESULTS).map(textOf).filter(Boolean) : [],
      hints: number('exercise.hints') ?? 0,
      applied: attributeOf(attributes, 'exercise.applied') === true,
    },
  ]
}

const textOf = (value: AnyValue | undefined): string => (typeof value === 'string' ? cleaned(value) : '')

/** A learner's name as it is told: what they wrote, without what could hurt a page or a table. */
export const memberName = (text: string): string => cleaned(text, 40)
