/** Numbers by chance, the same everywhere for the same seed (sfc32, from PractRand). */
export interface Random {
  /** 0 to 1. */
  uniform(): number
  /** Mean 0, standard deviation 1. */
  normal(): number
  between(low: number, high: number): number
}

export function seeded(...seeds: number[]): Random {
  let [a, b, c, d] = [0x9e3779b9, seeds[0]! | 0, (seeds[1] ?? 0) | 0, 1]
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  let spare: number | undefined
  return {
    uniform: next,
    between: (low, high) => low + (high - low) * next(),
    // Box-Muller makes two at a time.
    normal() {
      if (spare !== undefined) {
        const value = spare
        spare = undefined
        return value
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      const angle = 2 * Math.PI * next()
      spare = radius * Math.sin(angle)
      return radius * Math.cos(angle)
    },
  }
}
