import {
  ExpositionError,
  type ExpositionSink,
  type FlatLabels,
  type MetricType,
  type ParsedExemplar,
} from './entries.ts'
import { parseOpenMetricsText } from './openmetrics-text.ts'
import { decode } from './parse.ts'
import { GroupChecks } from './strict-groups.ts'

/** Which sample names a family of each type may have, as suffixes (OpenMetrics 1.0, "Metric types"). */
const SUFFIXES: Record<MetricType, readonly string[]> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
}

interface Family {
  name: string
  type: MetricType
  said: Set<string>
  groups: GroupChecks | undefined
}

/**
 * All the rules of OpenMetrics 1.0 that concern more than one line, which Prometheus lets pass and other readers
 * do not. Throws ExpositionError at the first breach.
 */
export function checkOpenMetrics(body: Uint8Array): void {
  const { text, damaged } = decode(body)
  const checker = new StrictChecker()
  parseOpenMetricsText(text, damaged, checker)
  checker.endFamily()
}

class StrictChecker implements ExpositionSink {
  #family: Family | undefined
  readonly #taken = new Set<string>()

  type(name: string, type: MetricType): void {
    this.#describe(name, 'TYPE')
    // TYPE decides which names the family takes, so it claims them here.
    this.#claim(name, type)
    this.#family!.type = type
    this.#noUnitOf(this.#family!)
  }

  help(name: string): void {
    this.#describe(name, 'HELP')
  }

  unit(name: string, unit: string): void {
    this.#describe(name, 'UNIT')
    if (unit !== '') this.#family!.said.add('a unit')
    this.#noUnitOf(this.#family!)
  }

  #noUnitOf({ said, type, name }: Family): void {
    if (said.has('a unit') && (type === 'info' || type === 'stateset'))
      throw new ExpositionError(`${type} ${name} may have no unit`)
  }

  sample(
    series: string,
    labels: FlatLabels,
    value: number,
    timestampMs: number | undefined,
    exemplar?: ParsedExemplar,
  ): void {
    const name = labels[1]!
    if (series.endsWith(',}')) throw new ExpositionError(`trailing comma in ${series}`)
    uniqueNames(labels.slice(2))
    let family = this.#family
    const belongs = (f: Family) => SUFFIXES[f.type].some((suffix) => f.name + suffix === name)
    if (family === undefined || !belongs(family)) {
      this.endFamily()
      family = { name, type: 'unknown', said: new Set(), groups: undefined }
      this.#family = family
      this.#claim(name, 'unknown')
    } else if (!family.said.has('TYPE') && family.groups === undefined) {
      this.#claim(family.name, 'unknown')
    }
    family.groups ??= new GroupChecks(family.name, family.type)
    const suffix = name.slice(family.name.length)
    checkBoundSpelling(series, family.type, suffix)
    if (exemplar !== undefined) checkExemplar(exemplar, family.type, suffix, name)
    family.groups.sample(suffix, labels.slice(2), value, timestampMs)
  }

  endFamily(): void {
    const family = this.#family
    // One that was only described takes its name too.
    if (family && family.groups === undefined && !family.said.has('TYPE')) this.#claim(family.name, 'unknown')
    family?.groups?.end()
    this.#family = undefined
  }

  #describe(name: string, keyword: string): void {
    if (this.#family?.name !== name) {
      this.endFamily()
      this.#family = { name, type: 'unknown', said: new Set(), groups: undefined }
      if (this.#taken.has(name)) throw new ExpositionError(`the family ${name} is in two places`)
    }
    const family = this.#family!
    if (family.groups !== undefined) throw new ExpositionError(`${keyword} of ${name} comes after its samples`)
    if (family.said.has(keyword)) throw new ExpositionError(`second ${keyword} of ${name}`)
    family.said.add(keyword)
  }

  #claim(name: string, type: MetricType): void {
    for (const full of new Set(['', ...SUFFIXES[type]].map((suffix) => name + suffix))) {
      if (this.#taken.has(full)) throw new ExpositionError(`the name ${full} belongs to two families`)
      this.#taken.add(full)
    }
  }
}

function checkExemplar(exemplar: ParsedExemplar, type: MetricType, suffix: string, name: string): void {
  const allowed =
    (type === 'counter' && suffix === '_total') ||
    ((type === 'histogram' || type === 'gaugehistogram') && suffix === '_bucket')
  if (!allowed) throw new ExpositionError(`${name} may have no exemplar`)
  uniqueNames(exemplar.labels)
  const length = exemplar.labels.reduce((sum, text) => sum + [...text].length, 0)
  if (length > 128) throw new ExpositionError(`the labels of an exemplar of ${name} are longer than 128 characters`)
}

function uniqueNames(labels: FlatLabels): void {
  const seen = new Set<string>()
  for (let i = 0; i < labels.length; i += 2) {
    if (seen.has(labels[i]!)) throw new ExpositionError(`label ${labels[i]} twice in one set`)
    seen.add(labels[i]!)
  }
}

/** Parsing gives bounds their one spelling, so the written one must be looked at. */
function checkBoundSpelling(series: string, type: MetricType, suffix: string): void {
  const bounded = suffix === '_bucket' || (type === 'summary' && suffix === '')
  if (bounded && /[{,](le|quantile)="(?!\+Inf"|-Inf"|NaN")[-+]?[a-zA-Z]/.test(series)) {
    throw new ExpositionError(`a bound that is not canonical in ${series}`)
  }
}
