/** A value as the suites write it: a number, or a text that JSON has no number for. */
export type Written = number | string | null

export const parseValue = (written: number | string) => Number(String(written).replace('Inf', 'Infinity'))

export function close(got: number, wanted: number, epsilon: number): boolean {
  if (Number.isNaN(wanted)) return Number.isNaN(got)
  if (!Number.isFinite(wanted) || !Number.isFinite(got)) return got === wanted
  return Math.abs(got - wanted) <= epsilon * Math.max(Math.abs(got), Math.abs(wanted)) || got === wanted
}

export const keyOf = (labels: Record<string, string>) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
