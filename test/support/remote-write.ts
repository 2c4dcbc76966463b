import { encodeWriteRequest, type SentSeries, WRITE_HEADERS } from '../../src/embedded/remote-write.ts'
import { snappy } from '../../src/embedded/snappy.ts'

export interface WrittenSeries extends Pick<SentSeries, 'samples'> {
  labels: Record<string, string>
}

/** Sends a request and rejects unless it was taken. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const sent = series.map(({ labels, samples }) => ({ labels: Object.entries(labels), samples }))
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: WRITE_HEADERS,
    body: new Uint8Array(snappy(encodeWriteRequest(sent))),
  })
  if (!answer.ok) throw new Error(`${url} refused a remote write: ${answer.status} ${await answer.text()}`)
}
