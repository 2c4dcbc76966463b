import { ExpositionError, type FlatLabels, type MetricType } from './entries.ts'
import { hasForbiddenCharacter, parseFloatText } from './number.ts'

/** The rules within one family: its points (label sets but for le, quantile and the state), in order and complete. */
export class GroupChecks {
  readonly #name: string
  readonly #type: MetricType
  readonly #seen = new Set<string>()
  #key: string | undefined
  #time: number | undefined
  #buckets = newBuckets()

  constructor(name: string, type: MetricType) {
    this.#name = name
    this.#type = type
  }

  sample(suffix: string, labels: FlatLabels, value: number, time: number | undefined): void {
    const own = this.#ownLabel(suffix, labels)
    checkValue(this.#type, suffix, value, this.#name)
    const key = groupKey(labels, own?.[0])
    if (key === this.#key) {
      if ((time === undefined) !== (this.#time === undefined)) this.#fail('has timestamps on a part of a point only')
      if (time !== undefined && time < this.#time!) this.#fail('has timestamps that go backwards')
      if (time !== this.#time) this.#endPoint()
    } else {
      if (this.#seen.has(key)) this.#fail('has one label set in two places')
      this.#endPoint()
      this.#seen.add(key)
      this.#key = key
    }
    this.#time = time
    const histogram = this.#type === 'histogram' || this.#type === 'gaugehistogram'
    if (!histogram) return
    if (suffix === '_bucket') this.#bucket(Number(own![1] === '+Inf' ? Number.POSITIVE_INFINITY : own![1]), value)
    else if (suffix === '_count' || suffix === '_gcount') this.#buckets.count = value
    else if (suffix === '_sum' || suffix === '_gsum') this.#buckets.sum = value
    this.#buckets.any ||= suffix !== '_created'
  }

  end(): void {
    this.#endPoint()
  }

  /** The label that tells the samples of one point apart, checked; undefined when this sample has none. */
  #ownLabel(suffix: string, labels: FlatLabels): [string, string] | undefined {
    const type = this.#type
    const name =
      suffix === '_bucket'
        ? 'le'
        : type === 'summary' && suffix === ''
          ? 'quantile'
          : type === 'stateset'
            ? this.#name
            : undefined
    if (name === undefined || type === 'unknown') return undefined
    const at = labels.findIndex((text, i) => i % 2 === 0 && text === name)
    if (at === -1) this.#fail(`has a sample without the label ${name}`)
    const value = labels[at + 1]!
    if (type !== 'stateset') {
      const number = parseFloatText(value)
      if (number === undefined || Number.isNaN(number) || hasForbiddenCharacter(value))
        this.#fail(`has ${name}="${value}"`)
      if (!Number.isFinite(number!) && value !== '+Inf') this.#fail(`has ${name}="${value}", which is not canonical`)
      if (name === 'quantile' && !(number! >= 0 && number! <= 1)) this.#fail(`has ${name}="${value}"`)
    }
    return [name, value]
  }

  #bucket(bound: number, value: number): void {
    const { last } = this.#buckets
    if (last !== undefined) {
      if (bound <= last.bound) this.#fail('has buckets out of order')
      if (value < last.value) this.#fail('has bucket counts that fall')
    }
    this.#buckets.negative ||= bound < 0
    this.#buckets.last = { bound, value }
  }

  #endPoint(): void {
    const { any, last, count, sum, negative } = this.#buckets
    this.#buckets = newBuckets()
    if (!any) return
    if (last?.bound !== Number.POSITIVE_INFINITY) this.#fail('has no +Inf bucket')
    if (count !== undefined && count !== last!.value) this.#fail('has a count that differs from its +Inf bucket')
    if ((count === undefined) !== (sum === undefined)) this.#fail('has a sum without a count, or a count without a sum')
    if (this.#type === 'histogram' && negative && sum !== undefined)
      this.#fail('has a sum although it has negative buckets')
    if (!negative && sum !== undefined && sum < 0) this.#fail('has a negative sum without negative buckets')
  }

  #fail(what: string): never {
    throw new ExpositionError(`${this.#type} ${this.#name} ${what}`)
  }
}

const newBuckets = () => ({
  any: false,
  last: undefined as { bound: number; value: number } | undefined,
  count: undefined as number | undefined,
  sum: undefined as number | undefined,
  negative: false,
})

function groupKey(labels: FlatLabels, without: string | undefined): string {
  const pairs: string[] = []
  for (let i = 0; i < labels.length; i += 2) {
    // A gauge's le is a label like any other: `without` is set only where it is the point's own.
    if (labels[i] !== without) pairs.push(`${labels[i]}\xff${labels[i + 1]}`)
  }
  return pairs.sort().join('\xfe')
}

/** What only grows, counts or sums cannot be negative or NaN; states are 0 or 1; an info is 1. */
function checkValue(type: MetricType, suffix: string, value: number, name: string): void {
  const fail = (what: string): never => {
    throw new ExpositionError(`${type} ${name}${suffix} is ${what}`)
  }
  if (type === 'info' && value !== 1) fail('not 1')
  if (type === 'stateset' && value !== 0 && value !== 1) fail('neither 0 nor 1')
  if (type === 'gaugehistogram' && suffix === '_gsum' && Number.isNaN(value)) fail('NaN')
  const countLike = ['_total', '_count', '_bucket', '_gcount', '_sum'].includes(suffix) && type !== 'unknown'
  if (countLike && type !== 'gauge' && Number.isNaN(value)) fail('NaN')
  if (countLike && type !== 'gauge' && value < 0) fail('negative')
  if (type === 'summary' && suffix === '' && value < 0) fail('negative')
}
