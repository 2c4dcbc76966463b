/** `10MB`, `1GiB`, `512`: powers of 1024 under either name, as Prometheus takes them; in bytes. */
export function parsePromSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGTPE])i?)?B?$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * 1024 ** (match[2] === undefined ? 0 : 'KMGTPE'.indexOf(match[2]) + 1)
}
