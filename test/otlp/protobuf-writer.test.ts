import { expect, test } from 'vitest'
import { requestFromJson } from '../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../src/otlp/protobuf.ts'

test('what is written is what is read, wherever the buffer has to grow', () => {
  // Every length of the padding puts the growth at another field.
  for (let padding = 0; padding < 1100; padding += 1) {
    const span = {
      traceId: '0123456789abcdef0123456789abcdef',
      spanId: '0123456789abcdef',
      name: 'x'.repeat(padding),
      startTimeUnixNano: '1700000000000000001',
      endTimeUnixNano: '1700000000000000002',
      attributes: [{ key: 'ratio', value: { doubleValue: 0.25 } }],
    }
    const data = requestFromJson('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span, span] }] }] })
    expect(decodeRequest('traces', encodeRequest('traces', data))).toEqual(data)
  }
})
