/** Lines in which SDKs of any language complain that telemetry does not go out. */
const COMPLAINT =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connection refused|no such host|name resolution|failed to export|export(?:er|ing)?\b.{0,40}\b(?:fail|error|timed? ?out)|telemetry.{0,40}(?:not|cannot|could not|undelivered)|StatusCode\.[A-Z_]+|UNAVAILABLE|UNIMPLEMENTED|DEADLINE_EXCEEDED|UNAUTHENTICATED|PERMISSION_DENIED|OTLPExporterError|Transient error|SSL|wrong version number|certificate|otlp.{0,60}\b(?:404|401|403|405|415|429|5\d\d)\b/i

/** What a program that fell over says last. */
const CRASH =
  /^(?:Traceback \(most recent call last\)|(?:[A-Za-z_.]*(?:Error|Exception))\b.*|.*\bUncaught\b.*|panic: .*|.*: command not found|Segmentation fault.*|.*Cannot find module.*|.*No such file or directory.*|Killed)$/m

const MAX_LINE = 240

/** The first complaint about sending, as the program wrote it; of a JSON log line its message. */
export function complaintIn(output: readonly string[] | undefined): string | undefined {
  const line = output?.find((one) => COMPLAINT.test(one))
  return line === undefined ? undefined : quoted(line)
}

export function crashIn(output: readonly string[] | undefined): string | undefined {
  const line = output?.findLast((one) => CRASH.test(one.trim()))
  return line === undefined ? undefined : quoted(line)
}

export function lastWords(output: readonly string[] | undefined): string | undefined {
  const line = output?.findLast((one) => one.trim() !== '')
  return line === undefined ? undefined : quoted(line)
}

function quoted(line: string): string {
  const text = messageOf(line.trim()).replaceAll(/\s+/g, ' ')
  return text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}...` : text
}

function messageOf(line: string): string {
  if (!line.startsWith('{')) return line
  try {
    const { message, msg, body, error, reason } = JSON.parse(line) as Record<string, unknown>
    const said = [message ?? msg ?? body, reason ?? error].filter((one) => typeof one === 'string' && one !== '')
    return said.length > 0 ? said.join(': ') : line
  } catch {
    return line
  }
}

/**
 * Whether the words of a failed export are about getting there (address, TLS, path, credentials), so that the exporter
 * is to be mended, or about the data, so that the backend turned it away.
 */
export function isWayProblem(said: string): boolean {
  return (
    /connection refused|no such host|Name resolution|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|i\/o timeout|context deadline exceeded|DeadlineExceeded|network is unreachable|ETIMEDOUT|EHOSTUNREACH|ECONNRESET|socket hang up|other side closed|handshake|certificate|SSL|tls|failed to make an HTTP request|fetch failed|Unauthenticated|PermissionDenied|no org id|Unimplemented|HTTP2|protocol error|RST_STREAM|content[- ]type/i.test(
      said,
    ) || /Status Code (?:301|302|307|308|401|403|404|405|415|502|503|504)\b/.test(said)
  )
}

/** Whether nobody has answered in time: the next try may find them there. */
export const isTimeout = (said: string): boolean => /deadline|timeout|timed out|ETIMEDOUT/i.test(said)

/** The machine's own fault, wherever its words come from. */
export const isDiskFull = (said: string): boolean =>
  /the disk is full|no space left on device|ENOSPC|disk quota exceeded/i.test(said)

/** What a failed export's words mean, in a sentence; undefined where they must speak for themselves. */
export function meaningOf(said: string): string | undefined {
  if (/connection refused|ECONNREFUSED/.test(said)) return 'Nobody listens at that address'
  if (/no such host|ENOTFOUND|Name resolution|EAI_AGAIN/i.test(said)) return 'There is no host of that name'
  if (/first record does not look like a TLS handshake|wrong version number|HTTP response to HTTPS client/i.test(said))
    return 'The exporter speaks TLS, the other side does not: tls.insecure: true, or http:// in the endpoint'
  if (/certificate|handshake|SSL/i.test(said)) return 'The two do not agree about TLS'
  if (/Status Code 404|Unimplemented/.test(said))
    return 'The other side knows no such path: is it the right backend, and the right endpoint?'
  if (/Status Code 40[13]|Unauthenticated|PermissionDenied|no org id/i.test(said))
    return 'The other side wants to know who asks: a header (credentials, or the tenant in X-Scope-OrgID) is missing or wrong'
  if (/queue is full/.test(said)) return 'More came in than went out, and the sending queue has no room left'
  if (/high memory usage/.test(said)) return 'A memory limiter turns data away before the process runs out of memory'
  if (
    /too (?:far behind|old)|greater_than_max_sample_age|timestamp too (?:old|new)|out of (?:order|bounds)/i.test(said)
  )
    return 'The times of the data are too far from the clock: is the clock of the sender right?'
  if (/ResourceExhausted|Status Code 429|rate limit/i.test(said)) return 'A limit of the backend is reached'
  if (isTimeout(said)) return 'The other side did not answer in time'
  return undefined
}
