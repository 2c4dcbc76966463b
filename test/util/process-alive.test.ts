import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it, vi } from 'vitest'
import { isAlive, isRunning, thisProcess } from '../../src/util/process-alive.ts'

it('knows itself, and not another that got its id', async () => {
  const self = await thisProcess()
  expect(await isRunning(self)).toBe(true)
  if (self.ticks !== undefined) expect(await isRunning({ ...self, ticks: '1' })).toBe(false)
  expect(isAlive(Number.NaN)).toBe(false)
})

it.runIf(process.platform === 'linux')('takes a process that nobody has waited for yet for ended', async () => {
  // `exec` leaves the shell's child to a program that never asks for it.
  const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const pid = Number(String((await once(parent.stdout, 'data'))[0]))
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 20 })
    // It is still in the table of processes: the signal alone would have found it.
    expect(() => process.kill(pid, 0)).not.toThrow()
  } finally {
    parent.kill('SIGKILL')
  }
})
