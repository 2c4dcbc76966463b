import { encodeRequest } from '../../../otlp/protobuf.ts'
import type { TracesData } from '../../../otlp/types.ts'
import { HttpRefusal } from '../../http.ts'
import { tracesJson } from './otlp-json.ts'

/** 32 hex digits from what a user gives: leading zeros may be left out. Throws HttpRefusal in Tempo's words. */
export function readTraceId(text: string): string {
  const bad = [...text].findIndex((ch) => !/[0-9a-fA-F]/.test(ch))
  if (bad >= 0) {
    throw new HttpRefusal(
      400,
      `trace IDs can only contain hex characters: invalid character '${[...text][bad]}' at position ${bad + 1}`,
    )
  }
  if (text.length > 32) throw new HttpRefusal(400, "trace IDs can't be larger than 128 bits")
  return text.toLowerCase().padStart(32, '0')
}

const MODES = ['', 'all', 'ingesters', 'blocks', 'external']

/**
 * Checks what may stand beside the id. The window only spares the real Tempo from opening blocks, so nothing here
 * depends on it. Throws HttpRefusal in Tempo's words.
 */
export function checkTraceParams(params: URLSearchParams): void {
  const mode = params.get('mode') ?? ''
  if (!MODES.includes(mode)) throw new HttpRefusal(400, `invalid value for mode ${mode}`)
  if (mode === 'ingesters') return
  const seconds = (name: string) => {
    const text = params.get(name) ?? ''
    if (text === '') return undefined
    if (/^[+-]?\d+$/.test(text)) return BigInt(text)
    throw new HttpRefusal(400, `invalid ${name}: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  const start = seconds('start')
  const end = seconds('end')
  if (start !== undefined && end !== undefined && end <= start) {
    throw new HttpRefusal(400, `http parameter start must be before end. received start=${start} end=${end}`)
  }
}

/** GET /api/traces/{id} */
export function traceResponse(data: TracesData | undefined, protobuf: boolean): Response {
  if (data === undefined) return new Response(null, { status: 404 })
  return protobuf ? protobufResponse(encodeRequest('traces', data)) : Response.json({ batches: tracesJson(data) })
}

/** GET /api/v2/traces/{id} */
export function traceV2Response(data: TracesData | undefined, protobuf: boolean): Response {
  if (!protobuf) {
    const resourceSpans = tracesJson(data ?? [])
    return Response.json({ trace: resourceSpans.length === 0 ? {} : { resourceSpans }, metrics: {} })
  }
  // TraceByIDResponse, tempo.proto: the trace is field 1, length-delimited.
  const trace = encodeRequest('traces', data ?? [])
  const head = [0x0a]
  let length = trace.length
  while (length > 0x7f) {
    head.push((length & 0x7f) | 0x80)
    length = Math.floor(length / 128)
  }
  head.push(length)
  return protobufResponse(Buffer.concat([Uint8Array.from(head), trace]))
}

function protobufResponse(bytes: Uint8Array): Response {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'application/protobuf' } })
}
