// A library that reads scans. Many programs use it, some with telemetry and some without.
import { setTimeout as sleep } from 'node:timers/promises'

export const VERSION = '${version}'

/** Reads a scan and gives how many slices it has. */
export async function readScan(subject) {
  await sleep(5)
  if (subject === '') throw new Error('a scan has no subject')
  return 180
}
