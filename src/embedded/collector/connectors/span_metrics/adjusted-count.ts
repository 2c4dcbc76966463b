/**
 * How many spans one stands for, by the sampling threshold in its tracestate (`ot=th:8`): 2^56 / (2^56 - th).
 * Rounded by chance, so that sums come out right.
 */
export function adjustedCount(
  traceState: string,
  random: () => number = Math.random,
): { count: number; adjusted: boolean } {
  const member = /(?:^|,)\s*ot=([^,]*)/.exec(traceState)?.[1]
  const threshold = member === undefined ? undefined : /(?:^|;)th:([0-9a-f]{1,14})(?:;|$)/.exec(member)?.[1]
  if (threshold === undefined) return { count: 1, adjusted: false }
  const exact = 2 ** 56 / (2 ** 56 - Number.parseInt(threshold.padEnd(14, '0'), 16))
  const whole = Math.floor(exact)
  return { count: whole + (random() < exact - whole ? 1 : 0), adjusted: true }
}
