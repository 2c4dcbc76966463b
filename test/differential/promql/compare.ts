export interface ApiAnswer {
  status: string
  errorType?: string
  error?: string
  data?: { resultType: string; result: unknown }
}

export async function ask(url: string, path: string, params: Record<string, string>): Promise<ApiAnswer> {
  const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(params)}`)
  return (await answer.json()) as ApiAnswer
}

/** What differs; undefined when nothing does. Values may differ by what rounding in another order makes. */
export function difference(ours: ApiAnswer, theirs: ApiAnswer): string | undefined {
  if (ours.status !== theirs.status || ours.errorType !== theirs.errorType) {
    return `${ours.status} ${ours.error ?? ''} — ${theirs.status} ${theirs.error ?? ''}`
  }
  if (ours.data === undefined || theirs.data === undefined) return undefined
  if (ours.data.resultType !== theirs.data.resultType) return `${ours.data.resultType} — ${theirs.data.resultType}`
  const mine = pointsOf(ours.data.result)
  const real = pointsOf(theirs.data.result)
  for (const [key, value] of real) {
    const got = mine.get(key)
    if (got === undefined) return `ours lacks ${key} = ${value}`
    if (!close(got, value)) return `${key} = ${got} — ${value}`
  }
  for (const [key, value] of mine) if (!real.has(key)) return `ours has ${key} = ${value} beside`
  return undefined
}

type Point = [time: number, value: string]

/** `{labels} time` -> value. */
function pointsOf(result: unknown): Map<string, string> {
  const points = new Map<string, string>()
  const all = result as { metric: object; value?: Point; values?: Point[] }[] | Point
  if (typeof all[0] === 'number') {
    points.set(String(all[0]), String(all[1]))
    return points
  }
  for (const { metric, value, values } of all as { metric: object; value?: Point; values?: Point[] }[]) {
    const labels = JSON.stringify(Object.entries(metric).sort())
    for (const [time, text] of values ?? [value!]) points.set(`${labels} ${time}`, text)
  }
  return points
}

function close(ours: string, theirs: string): boolean {
  if (ours === theirs) return true
  const [a, b] = [Number(ours.replace('Inf', 'Infinity')), Number(theirs.replace('Inf', 'Infinity'))]
  return Math.abs(a - b) <= 1e-9 + 1e-6 * Math.max(Math.abs(a), Math.abs(b))
}
