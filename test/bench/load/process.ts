import { readFileSync } from 'node:fs'

/** Resident memory of one process, in MiB. */
export function residentMib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** What a process has had of the processor, on all cores and in the kernel. */
export function cpuSeconds(pid: number): number {
  // proc(5): the name, in parentheses, may hold blanks; utime and stime are fields 14 and 15, in hundredths.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The largest resident memory that was seen; looks ten times a second until the process ends. */
export function watchMemory(pid: number): () => number {
  let peak = 0
  const look = () => {
    try {
      // One that has ended and is not yet waited for has none.
      peak = Math.max(peak, residentMib(pid) || 0)
    } catch {
      clearInterval(timer)
    }
  }
  const timer = setInterval(look, 100)
  timer.unref()
  return () => peak
}
