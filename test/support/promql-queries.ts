import type { Random } from './random.ts'

/** The series of randomSeries() and labels of theirs. */
const METRICS: Record<string, string[]> = {
  http_requests_total: ['job', 'instance', 'code'],
  temperature_celsius: ['job', 'room'],
  queue_length: ['job', 'instance'],
  latency_seconds_bucket: ['job', 'le'],
  up: ['job', 'instance'],
}
const VALUES: Record<string, string[]> = {
  job: ['api', 'db', 'web'],
  instance: ['a:1', 'b:2'],
  code: ['200', '500'],
  room: ['x', 'y'],
  le: ['0.1', '1', '10', '+Inf'],
}
const RANGES = ['1m', '2m', '5m', '7m30s', '20m']

const MATH = 'abs ceil floor exp sqrt ln log2 log10 sgn sin cos tan atan sinh cosh tanh asinh rad deg'.split(' ')
const DATES = 'year month day_of_month day_of_week day_of_year days_in_month hour minute'.split(' ')
const OVER_TIME = 'avg sum count min max last present stddev stdvar'.split(' ').map((name) => `${name}_over_time`)
const CHANGES = 'delta irate idelta changes resets deriv'.split(' ')
const AGGREGATES = 'sum avg count min max group stddev stdvar'.split(' ')

/**
 * Random queries that are well typed. Some cannot be answered, as where many series match many: there the
 * refusal is the answer. They stay within what Prometheus 2.42 and 3 have in common, so they leave out:
 *   - atan2 between vectors: 2.42 keeps the metric's name
 *   - topk and bottomk among equal values: 2.42's heap keeps other ones
 *   - rate and increase of what falls as it rises: near zero 2.42 extrapolates further, past a gap
 *   - predict_linear with @ over steps: 2.42 moves the window that @ pins
 *   - remainders of calculated numbers: they make a rounding error as large as you please
 *   - many-to-one comparisons: 2.42 only minds samples that pass
 */
export class QueryGenerator {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  query(): string {
    return this.#random.chance(0.1) ? this.#scalar(2) : this.#vector(3)
  }

  #selector(): string {
    const name = this.#random.pick(Object.keys(METRICS))
    const matchers: string[] = []
    for (const label of METRICS[name]!) {
      if (!this.#random.chance(0.25)) continue
      const value = this.#random.pick(VALUES[label]!)
      const other = this.#random.pick(VALUES[label]!)
      matchers.push(
        this.#random.pick([
          `${label}="${value}"`,
          `${label}!="${value}"`,
          `${label}=~"${value}|${other}"`.replaceAll('+', '.'),
          `${label}!~"${value.slice(0, 1).replace('+', '.')}.*"`,
          `${label}=~".*${value.slice(-1).replace(/\W/, '')}"`,
        ]),
      )
    }
    return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`
  }

  /** `@` and `offset`; half seconds keep windows off the samples and off each other's steps. */
  #modifiers(): string {
    const offset = this.#random.chance(0.15) ? ` offset ${this.#random.pick(['30s', '2m', '-1m', '13m'])}` : ''
    const at = this.#random.chance(0.1) ? ` @ ${this.#random.pick(['start()', 'end()'])}` : ''
    return at + offset
  }

  #counters(): string {
    const matcher = this.#random.pick(['', '{job="api"}', '{job!~"d.*"}'])
    const name = this.#random.pick(['http_requests_total', 'latency_seconds_bucket'])
    const range = this.#random.pick(RANGES)
    return `${this.#random.pick(['rate', 'increase'])}(${name}${matcher}[${range}]${this.#modifiers()})`
  }

  #range(depth: number): string {
    const range = this.#random.pick(RANGES)
    if (depth > 0 && this.#random.chance(0.2)) {
      const step = this.#random.pick(['15s', '30s', '1m', ''])
      return `(${this.#vector(depth - 1)})[${range}:${step}]${this.#modifiers()}`
    }
    return `${this.#selector()}[${range}]${this.#modifiers()}`
  }

  #vector(depth: number): string {
    if (depth === 0) return this.#selector() + this.#modifiers()
    const { pick } = { pick: <T>(from: readonly T[]) => this.#random.pick(from) }
    const inner = () => this.#vector(depth - 1)
    const scalar = () => this.#scalar(depth - 1)
    switch (this.#random.below(17)) {
      case 0:
      case 1:
        return this.#selector() + this.#modifiers()
      case 2:
        return `${pick(MATH)}(${inner()})`
      case 3:
        return this.#counters()
      case 4:
        return `${pick(CHANGES)}(${this.#range(depth)})`
      case 5:
        return `${pick(OVER_TIME)}(${this.#range(depth)})`
      case 6:
      case 7:
        return this.#aggregate(inner())
      case 8:
        return `(${inner()} ${this.#arithmetic()} ${scalar()})`
      case 9:
        return `(${scalar()} ${this.#comparison()} ${inner()})`
      case 10:
      case 11:
        return this.#matched(depth)
      case 12:
        return `(${inner()} ${pick(['and', 'or', 'unless'])}${pick(['', ' on (job)', ' ignoring (instance, code)'])} ${inner()})`
      case 13:
        return pick([
          `clamp(${inner()}, -2, ${scalar()})`,
          `clamp_min(${inner()}, ${scalar()})`,
          `clamp_max(${inner()}, 5)`,
          `round(${inner()}, ${pick(['0.1', '5', '1'])})`,
          `-${this.#selector()}`,
          `${this.#selector()} % 7`,
          `timestamp(${inner()})`,
        ])
      case 14:
        return pick([
          `label_replace(${inner()}, "zone", "z-$1", "job", "(.).*")`,
          `label_join(${inner()}, "both", "-", "job", "instance")`,
          `absent(${this.#selector()})`,
          `absent_over_time(${this.#range(0)})`,
          `vector(${scalar()})`,
          `${pick(DATES)}(timestamp(${this.#selector()}))`,
        ])
      case 15:
        return pick([
          `histogram_quantile(${pick(['0.5', '0.9', '0.99', '0', '1'])}, sum by (job, le) (rate(latency_seconds_bucket[5m])))`,
          `histogram_quantile(0.7, latency_seconds_bucket${this.#modifiers()})`,
        ])
      default:
        return pick([
          `predict_linear(${this.#selector()}[${pick(RANGES)}], 60)`,
          `quantile_over_time(${pick(['0', '0.3', '0.95', '1'])}, ${this.#range(depth)})`,
          `sort_desc(${inner()})`,
        ])
    }
  }

  #grouping(): string {
    const labels = this.#random.pick(['job', 'job, instance', 'code', 'room, job', 'le', ''])
    return this.#random.pick([` by (${labels})`, ` without (${labels})`, ''])
  }

  #aggregate(inner: string): string {
    const grouping = this.#grouping()
    const param = this.#random.pick(['1', '2', '5'])
    const unequal = this.#random.pick(['temperature_celsius', 'queue_length * 3', 'avg_over_time(queue_length[5m])'])
    return this.#random.pick([
      ...AGGREGATES.map((name) => `${name}${grouping} (${inner})`),
      `topk${grouping} (${param}, ${unequal})`,
      `bottomk${grouping} (${param}, ${unequal})`,
      `quantile${grouping} (0.4, ${inner})`,
      `count_values${grouping} ("value", round(${inner}))`,
    ])
  }

  #arithmetic = () => this.#random.pick(['+', '-', '*', '/'])
  #comparison = () => this.#random.pick(['==', '!=', '<', '<=', '>', '>=']) + this.#random.pick(['', ' bool'])

  #matched(depth: number): string {
    const op = this.#random.chance(0.6) ? this.#arithmetic() : this.#comparison()
    const [left, right] = [this.#vector(depth - 1), this.#vector(depth - 1)]
    return this.#random.pick([
      `sum by (job) (${left}) ${op} on (job) avg by (job) (${right})`,
      `${this.#selector()} ${op} on (job) group_left () max by (job) (${right})`,
      `min by (job) (${left}) ${op} on (job) group_right () ${this.#selector()}`,
      `(${left}) ${op} (${left})`,
      `(${left}) ${this.#arithmetic()} ignoring (code, le) (${right})`,
    ])
  }

  #scalar(depth: number): string {
    if (depth === 0 || this.#random.chance(0.5)) return this.#random.pick(['0', '1', '2.5', '100', '-3', '1e3', '0x1F'])
    return this.#random.pick([
      'time()',
      'pi()',
      `(${this.#scalar(depth - 1)} atan2 2)`,
      `scalar(sum(${this.#selector()}))`,
      `(${this.#scalar(depth - 1)} ${this.#arithmetic()} ${this.#scalar(depth - 1)})`,
    ])
  }
}

export interface RandomSeries {
  labels: Record<string, string>
  samples: { time: number; value: number }[]
}

const FIRST = 1000

/**
 * An hour of samples for the queries, one every 5 s at 337 ms past, so that none lies on a window's edge:
 * Prometheus 2 counts a sample there in, Prometheus 3 out. Counters begin well above zero: Prometheus 2 lets one reach
 * back to its zero by more than half a step, Prometheus 3 does not.
 */
export function randomSeries(random: Random, end: number): RandomSeries[] {
  const series: RandomSeries[] = []
  const start = Math.floor(end / 5000) * 5000 - 3_600_000 + 337
  const add = (name: string, labels: Record<string, string>, next: (before: number) => number, first: number) => {
    const samples: RandomSeries['samples'] = []
    let value = first
    // Some series begin late, end early, or have a gap.
    const from = random.chance(0.2) ? random.below(300) : 0
    const to = random.chance(0.2) ? 400 + random.below(300) : 718
    const gap = random.chance(0.3) ? 100 + random.below(500) : Number.POSITIVE_INFINITY
    for (let i = from; i < to; i++) {
      value = next(value)
      if (i < gap || i > gap + 80) samples.push({ time: start + i * 5000, value })
    }
    series.push({ labels: { __name__: name, ...labels }, samples })
  }
  for (const job of VALUES.job!) {
    for (const instance of VALUES.instance!) {
      add('up', { job, instance }, () => Number(random.chance(0.95)), 1)
      add('queue_length', { job, instance }, () => random.next() * 50, 0)
      for (const code of VALUES.code!) {
        const next = (before: number) => (random.chance(0.005) ? 0 : before + random.below(20))
        add('http_requests_total', { job, instance, code }, next, FIRST + random.below(1000))
      }
    }
    for (const room of VALUES.room!) {
      add('temperature_celsius', { job, room }, (before) => before + random.next() - 0.5, 20)
    }
    const counts = VALUES.le!.map(() => FIRST)
    const history = Array.from({ length: 718 }, () => {
      const bucket = random.below(counts.length)
      for (let i = bucket; i < counts.length; i++) counts[i]! += 1 + bucket
      return [...counts]
    })
    VALUES.le!.forEach((le, b) => {
      const samples = history.map((row, i) => ({ time: start + i * 5000, value: row[b]! }))
      series.push({ labels: { __name__: 'latency_seconds_bucket', job, le }, samples })
    })
  }
  return series
}
