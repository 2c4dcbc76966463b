import { requestFromJson, requestToJson } from '../../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { Signal } from '../../../src/otlp/types.ts'
import { same } from '../shared/same.ts'
import { judged, type Verdict } from '../shared/tally.ts'

const FILES: [string, Signal][] = [
  ['trace', 'traces'],
  ['metrics', 'metrics'],
  ['logs', 'logs'],
  ['events', 'logs'],
]

/** Each example, read and written again as JSON, and again after a way through protobuf. */
export async function otlpJsonCases(load: (name: string) => unknown): Promise<Verdict[]> {
  const cases: Verdict[] = []
  for (const [file, signal] of FILES) {
    const put = async (way: string, through: (data: ReturnType<typeof read>) => ReturnType<typeof read>) => {
      const work = () => {
        const [ok, detail] = same(way, normal(requestToJson(signal, through(read()))), normal(load(file)))
        return ok ? undefined : detail
      }
      cases.push(await judged(file, work))
    }
    const read = () => requestFromJson(signal, load(file))
    await put('JSON again', (data) => data)
    await put('through protobuf', (data) => decodeRequest(signal, encodeRequest(signal, data)))
  }
  return cases
}

/** Two ways to write the same: keys in any order, int64 as text or number, ids in either case, zeros left out. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (value === null || typeof value !== 'object') {
    const text = String(value)
    return /^[0-9A-Fa-f]{16}$|^[0-9A-Fa-f]{32}$/.test(text) ? text.toLowerCase() : text
  }
  const pairs = Object.entries(value).map(([key, inner]) => [key, normal(inner)] as const)
  const told = pairs.filter(([, inner]) => !['0', '', 'false', '{}', '[]'].includes(textOf(inner)))
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
