/** What the values of one series in one interval come to. Neumaier's sum keeps long sums exact, as in Tempo. */
export interface Accumulator {
  add(interval: number, value: number): void
  values(): Float64Array
}

export function counter(length: number, factor: number): Accumulator {
  const counts = new Float64Array(length)
  return {
    add: (i) => {
      counts[i]!++
    },
    values: () => (factor === 1 ? counts : counts.map((n) => n * factor)),
  }
}

export function extreme(length: number, op: 'min' | 'max'): Accumulator {
  const best = new Float64Array(length).fill(Number.NaN)
  return {
    add: (i, value) => {
      const old = best[i]!
      if (Number.isNaN(old) || (op === 'min' ? value < old : value > old)) best[i] = value
    },
    values: () => best,
  }
}

/** A sum, or with `average` the mean. */
export function summed(length: number, average: boolean): Accumulator {
  const sums = new Float64Array(length)
  const lost = new Float64Array(length)
  const counts = new Float64Array(length)
  return {
    add: (i, value) => {
      if (Number.isNaN(value)) return
      const sum = sums[i]!
      const next = sum + value
      lost[i]! += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
      sums[i] = next
      counts[i]!++
    },
    values: () =>
      sums.map((sum, i) => {
        if (counts[i] === 0) return Number.NaN
        const total = Number.isFinite(sum) ? sum + lost[i]! : sum
        return average ? total / counts[i]! : total
      }),
  }
}
