import { Reader } from '../../../../otlp/protobuf/reader.ts'
import type { Answer } from '../../../post.ts'

/** The message of a google.rpc.Status (code 1, message 2), in the encoding that it came in; undefined if it is none. */
export function statusMessage({ body, contentType }: Answer): string | undefined {
  try {
    if (contentType === 'application/json') return String(JSON.parse(new TextDecoder().decode(body)).message ?? '')
    let message = ''
    const reader = new Reader(body)
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 0x12) message = reader.string()
      else reader.skip(tag)
    }
    return message
  } catch {
    return undefined
  }
}

/** Export…ServiceResponse: partial_success 1 {rejected 1, error_message 2}. */
export function partialSuccess({ body, contentType }: Answer): { rejected: number; message: string } | undefined {
  if (body.length === 0) return undefined
  try {
    return contentType === 'application/x-protobuf' ? fromProtobuf(body) : fromJson(body)
  } catch {
    // Not every backend answers as the protocol says; it did take the data.
    return undefined
  }
}

function fromJson(body: Uint8Array): { rejected: number; message: string } | undefined {
  const partial = JSON.parse(new TextDecoder().decode(body)).partialSuccess ?? {}
  const rejected = Number(partial.rejectedSpans ?? partial.rejectedDataPoints ?? partial.rejectedLogRecords ?? 0)
  const message = String(partial.errorMessage ?? '')
  return rejected > 0 || message !== '' ? { rejected, message } : undefined
}

function fromProtobuf(body: Uint8Array): { rejected: number; message: string } | undefined {
  const reader = new Reader(body)
  let [rejected, message] = [0, '']
  while (reader.more) {
    const tag = reader.tag()
    if (tag !== 0x0a) reader.skip(tag)
    else {
      reader.message((inner) => {
        if (inner === 0x08) rejected = Number(reader.int64())
        else if (inner === 0x12) message = reader.string()
        else reader.skip(inner)
      })
    }
  }
  return rejected > 0 || message !== '' ? { rejected, message } : undefined
}
