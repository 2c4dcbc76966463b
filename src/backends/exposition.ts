import { readNumber } from './prom-values.ts'

export interface PageSample {
  name: string
  labels: Record<string, string>
  value: number
}

/**
 * The samples of a metrics page in Prometheus's text format or OpenMetrics. Only as strict as reading needs:
 * comments, timestamps and exemplars are passed over, a line that is no sample too.
 */
export function readPage(text: string): PageSample[] {
  const samples: PageSample[] = []
  for (const line of text.split('\n')) {
    const sample = line.startsWith('#') ? undefined : readSample(line)
    if (sample) samples.push(sample)
  }
  return samples
}

const NAME = /^([^\s{"]*)\s*/
// A label's name may be quoted, and a metric's name stands quoted among the labels, where it is not of old form.
const LABEL = /\s*(?:([A-Za-z_][\w.]*)|"((?:[^"\\]|\\.)*)")\s*(=\s*"((?:[^"\\]|\\.)*)")?\s*,?/y
const VALUE = /^\s*(\S+)/

function readSample(line: string): PageSample | undefined {
  let name = NAME.exec(line)![1]!
  let at = NAME.exec(line)![0].length
  const labels: [string, string][] = []
  if (line[at] === '{') {
    at++
    while (line[at] !== '}') {
      LABEL.lastIndex = at
      const match = LABEL.exec(line)
      if (match === null || match[0] === '') return undefined
      at = LABEL.lastIndex
      const key = match[1] ?? unescaped(match[2]!)
      if (match[3] === undefined) name = key
      else labels.push([key, unescaped(match[4]!)])
    }
    at++
  }
  const value = VALUE.exec(line.slice(at))?.[1]
  if (name === '' || value === undefined) return undefined
  return { name, labels: Object.fromEntries(labels), value: readNumber(value) }
}

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
