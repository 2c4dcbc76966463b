import { quantile } from './distribution.ts'

export interface Comparison {
  /** Median after less median before, in milliseconds. */
  difference: number
  /** How likely a difference like this is when there is none; undefined for too few samples. */
  p: number | undefined
  test: string
  /** At one in twenty. */
  real: boolean
}

const LEVEL = 0.05
/** Up to here all ways to deal the ranks are counted; above, the normal distribution is close enough. */
const EXACT = 9

/**
 * Mann-Whitney U, two-sided: whether one sample tends to be larger than the other, whatever their shapes. Latencies
 * are anything but normal. Exact without ties for small samples, else with the correction for ties.
 */
export function compare(before: readonly number[], after: readonly number[]): Comparison {
  const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b)
  const difference = quantile(sorted(after), 0.5) - quantile(sorted(before), 0.5)
  const [n, m] = [before.length, after.length]
  if (n < 3 || m < 3)
    return { difference, p: undefined, test: 'too few samples for a test: at least 3 each', real: false }
  const { u, ties } = rankSum(before, after)
  const exact = ties === 0 && n <= EXACT && m <= EXACT
  const p = exact ? exactP(u, n, m) : normalP(u, n, m, ties)
  return { difference, p, test: `Mann-Whitney U${exact ? ', exact' : ''}, ${n} and ${m} samples`, real: p < LEVEL }
}

/** U of the first sample, and the sum of t^3 - t over groups of t equal values. */
function rankSum(a: readonly number[], b: readonly number[]): { u: number; ties: number } {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))]
  all.sort((x, y) => x.value - y.value)
  let ranks = 0
  let ties = 0
  for (let i = 0; i < all.length; ) {
    let j = i
    while (j < all.length && all[j]!.value === all[i]!.value) j++
    const rank = (i + 1 + j) / 2
    for (let k = i; k < j; k++) if (all[k]!.first) ranks += rank
    ties += (j - i) ** 3 - (j - i)
    i = j
  }
  return { u: ranks - (a.length * (a.length + 1)) / 2, ties }
}

/** By counting how many ways there are to each U: f(n, m, u) = f(n-1, m, u-m) + f(n, m-1, u). */
function exactP(u: number, n: number, m: number): number {
  const memo = new Map<string, number>()
  const ways = (a: number, b: number, value: number): number => {
    if (value < 0 || value > a * b) return 0
    if (a === 0 || b === 0) return value === 0 ? 1 : 0
    const key = `${a} ${b} ${value}`
    const known = memo.get(key)
    if (known !== undefined) return known
    const count = ways(a - 1, b, value - b) + ways(a, b - 1, value)
    memo.set(key, count)
    return count
  }
  let total = 0
  let extreme = 0
  const least = Math.min(u, n * m - u)
  for (let value = 0; value <= n * m; value++) {
    const count = ways(n, m, value)
    total += count
    if (value <= least) extreme += count
  }
  return Math.min(1, (2 * extreme) / total)
}

function normalP(u: number, n: number, m: number, ties: number): number {
  const all = n + m
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)))
  if (variance <= 0) return 1
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance)
  return 2 * (1 - phi(z))
}

/** The normal distribution's integral (Abramowitz and Stegun 26.2.17), good to 1e-7. */
function phi(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
}
