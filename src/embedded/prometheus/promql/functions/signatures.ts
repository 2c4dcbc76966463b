import type { ValueType } from '../ast.ts'

export interface Signature {
  args: ValueType[]
  /** How many more arguments than listed may follow, the last listed one being optional then; -1: any number. */
  variadic: number
  returns: ValueType
  experimental: boolean
}

const TYPES: Record<string, ValueType> = { v: 'vector', m: 'matrix', s: 'scalar', t: 'string' }

/** `name(vs)` takes a vector and a scalar; `?` one optional argument, `*` any number, `>s` returns a scalar. */
function signatures(list: string, experimental: boolean): [string, Signature][] {
  return list
    .trim()
    .split(/\s+/)
    .map((text) => {
      const [, name, args, more, returns] = /^(\w+)\((\w*)([?*\d]*)\)(?:>(\w))?$/.exec(text)!
      const variadic = more === '' ? 0 : more === '?' ? 1 : more === '*' ? -1 : Number(more)
      return [
        name!,
        { args: [...args!].map((t) => TYPES[t]!), variadic, returns: TYPES[returns ?? 'v']!, experimental },
      ]
    })
}

/** promql/parser/functions.go of Prometheus 3. */
export const SIGNATURES: ReadonlyMap<string, Signature> = new Map([
  ...signatures(
    `abs(v) absent(v) absent_over_time(m) acos(v) acosh(v) asin(v) asinh(v) atan(v) atanh(v) avg_over_time(m) ceil(v)
     changes(m) clamp(vss) clamp_max(vs) clamp_min(vs) cos(v) cosh(v) count_over_time(m) days_in_month(v?)
     day_of_month(v?) day_of_week(v?) day_of_year(v?) deg(v) delta(m) deriv(m) exp(v) first_over_time(m) floor(v)
     histogram_avg(v) histogram_count(v) histogram_sum(v) histogram_stddev(v) histogram_stdvar(v)
     histogram_fraction(ssv) histogram_quantile(sv) hour(v?) idelta(m) increase(m) irate(m) label_replace(vtttt)
     label_join(vttt*) last_over_time(m) ln(v) log10(v) log2(v) max_over_time(m) min_over_time(m) minute(v?) month(v?)
     pi()>s predict_linear(ms) present_over_time(m) quantile_over_time(sm) rad(v) rate(m) resets(m) round(vs?)
     scalar(v)>s sgn(v) sin(v) sinh(v) sort(v) sort_desc(v) sqrt(v) stddev_over_time(m) stdvar_over_time(m)
     sum_over_time(m) tan(v) tanh(v) time()>s timestamp(v) vector(s) year(v?)`,
    false,
  ),
  ...signatures(
    `double_exponential_smoothing(mss) end()>s histogram_quantiles(vtss9) info(vv?) mad_over_time(m) max_of(ss)>s
     min_of(ss)>s range()>s sort_by_label(vt*) sort_by_label_desc(vt*) start()>s start_timestamp(v) step()>s
     ts_of_first_over_time(m) ts_of_last_over_time(m) ts_of_max_over_time(m) ts_of_min_over_time(m)`,
    true,
  ),
])
