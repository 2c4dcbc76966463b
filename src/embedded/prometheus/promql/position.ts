/** `1:5`: line and column from 1, columns counted in bytes as Prometheus does. */
export function lineAndColumn(query: string, offset: number): string {
  if (query === '') return 'unknown position'
  const before = query.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return `${before.split('\n').length}:${Buffer.byteLength(before.slice(lineStart)) + 1}`
}
