import type { FoundTrace, Series } from '../../page-server/answers.ts'
import type { ShownLine } from '../logs/line.ts'
import { unitOf, withUnit } from '../time/format.ts'

/** One thing that both runs may have, with how it is said. */
export interface Compared {
  name: string
  values: [number | undefined, number | undefined]
  shown(value: number): string
}

/** Last values of all series but buckets, by name and by the labels in which a run's series differ. */
export function compareMetrics(one: readonly Series[], other: readonly Series[]): Compared[] {
  const read = (series: readonly Series[]) =>
    new Map(series.map((item) => [nameOf(item), item.values.at(-1) ?? Number.NaN]))
  return pairs(read(one), read(other), (name) => {
    const unit = unitOf(name)
    return (value) => withUnit(value, unit)
  })
}

/** A run's own identity is no difference. */
const SAME = /^(__name__|instance|job|otel_scope_.*)$/

function nameOf({ labels }: Series): string {
  const rest = Object.entries(labels).filter(([name]) => !SAME.test(name))
  const inBraces = rest.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')
  return `${labels.__name__ ?? ''}${inBraces === '' ? '' : `{${inBraces}}`}`
}

/** By the name of their roots: how many, how many failed, and how long they took. */
export function compareTraces(one: readonly FoundTrace[], other: readonly FoundTrace[]): Compared[] {
  const read = (traces: readonly FoundTrace[]) => {
    const found = new Map<string, number>()
    for (const name of new Set(traces.map((trace) => trace.name))) {
      const mine = traces.filter((trace) => trace.name === name)
      const long = mine.map(({ duration }) => duration).sort((a, b) => a - b)
      found.set(`${name}: traces`, mine.length)
      found.set(`${name}: with errors`, mine.filter(({ errors }) => errors > 0).length)
      found.set(`${name}: median duration`, long[Math.floor(long.length / 2)] ?? 0)
      found.set(`${name}: longest`, long.at(-1) ?? 0)
    }
    return found
  }
  return pairs(
    read(one),
    read(other),
    (name) => (value) => (/duration|longest/.test(name) ? withUnit(value / 1000, 's') : String(value)),
  )
}

export function compareLines(one: readonly ShownLine[], other: readonly ShownLine[]): Compared[] {
  const read = (lines: readonly ShownLine[]) => {
    const found = new Map<string, number>()
    for (const { level, message } of lines) {
      const name = `${level}: ${message.replaceAll(/\d+/g, '#').slice(0, 80)}`
      found.set(name, (found.get(name) ?? 0) + 1)
    }
    return found
  }
  return pairs(read(one), read(other), () => String)
}

function pairs(
  one: Map<string, number | undefined>,
  other: Map<string, number | undefined>,
  shownAs: (name: string) => (value: number) => string,
): Compared[] {
  const names = [...new Set([...one.keys(), ...other.keys()])]
  return names.map((name) => ({ name, values: [one.get(name), other.get(name)], shown: shownAs(name) }))
}
