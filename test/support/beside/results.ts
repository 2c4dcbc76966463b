import { createHash } from 'node:crypto'
import { replay } from '../../../src/embedded/collector/replay.ts'
import { configOf, EXPORTER, type Side } from './cases.ts'
import { numberOf, requestsOf } from './telemetry.ts'

/** What came out of a pipeline. */
export interface Came {
  /** Which of the items: a bit each. */
  items: string
  count: number
  /** Of everything in them, whatever the order and however they are put together. */
  digest: string
}

/** By the end of the pipeline's name. */
export type BesideResult = Record<string, Came>

/** What came out, item by item, for somebody to look at. */
export type Items = Record<string, string[]>

/** What our collector makes of a side's cases. */
export async function oursBeside(side: Side): Promise<Items[]> {
  const config = configOf(side, '{protocols: {grpc: {}}}', (id) => `${EXPORTER}/${id}: {path: /${id}.json}`)
  const requests = requestsOf(side.signal).map((json) => ({ signal: side.signal, json }))
  const { exported } = await replay(config, requests, {})
  const by = new Map<string, unknown[]>()
  for (const { exporter, json } of exported) {
    const id = exporter.slice(EXPORTER.length + 1)
    by.set(id, [...(by.get(id) ?? []), json])
  }
  return itemsOf(side, (id) => by.get(id) ?? [])
}

/** By case, of what came out of each end. */
export function itemsOf({ cases, file }: Side, requests: (id: string) => unknown[]): Items[] {
  const ends = (file.into ?? ['a']).map((end) => end.split('/').at(-1)!)
  return cases.map((_, i) => {
    return Object.fromEntries(ends.map((end) => [end, requests(`${i}${end}`).flatMap(itemTexts).sort()]))
  })
}

export function resultOf(items: Items): BesideResult {
  const came = (texts: string[]): Came => {
    const bits = Buffer.alloc(125)
    for (const text of texts) {
      const i = numberIn(text)
      if (i >= 0 && i < 1000) bits[i >> 3]! |= 1 << (i & 7)
    }
    const digest = createHash('sha256').update(texts.join('\n')).digest('base64').slice(0, 16)
    return { items: bits.toString('base64'), count: texts.length, digest }
  }
  return Object.fromEntries(Object.entries(items).map(([end, texts]) => [end, came(texts)]))
}

/** The number of the item that a text is of; -1 where it bears none. */
export function numberIn(text: string): number {
  const times = [...text.matchAll(/"(?:startT|t)imeUnixNano":"(\d+)"/g)].map(([, time]) => numberOf(time!))
  return Math.max(-1, ...times)
}

/** Each item with its resource and scope as one text. */
export function itemTexts(request: unknown): string[] {
  return Object.values(request as Record<string, Json[]>)
    .flat()
    .flatMap((group) => {
      const { resource, ...rest } = group
      const scopes = (Object.values(rest).find(Array.isArray) ?? []) as Json[]
      return scopes.flatMap(({ scope, ...inner }) => {
        const items = (Object.values(inner).find(Array.isArray) ?? []) as Json[]
        const around = JSON.stringify(plain({ scope, resource })).slice(1)
        return items.map((item) => `{"item":${JSON.stringify(plain(item))},${around}`)
      })
    })
}

type Json = Record<string, unknown>
const RECENT = BigInt(Date.UTC(2020, 0)) * 1_000_000n

/** Keys and attributes in order, and without what is empty, which writers differ in; of what is of now only that it is. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain)
    const keyed = items.every((one) => typeof one === 'object' && one !== null && 'key' in one)
    return keyed ? items.sort((a, b) => ((a as { key: string }).key < (b as { key: string }).key ? -1 : 1)) : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(([, one]) => !(one === '' || one === 0 || one === '0' || (Array.isArray(one) && one.length === 0)))
    .map(([key, one]) => [key, key === 'dataPoints' ? points(one as unknown[]) : timeless(key, one)] as const)
    .filter(([key, one]) => !(key !== 'value' && !key.endsWith('Value') && isEmpty(one)))
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What counts hands its points out in no order. */
const points = (all: unknown[]) => all.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const timeless = (key: string, value: unknown) =>
  /imeUnixNano$/.test(key) && BigInt(value as string) > RECENT ? 'now' : plain(value)

const isEmpty = (one: unknown) => typeof one === 'object' && one !== null && Object.keys(one).length === 0
