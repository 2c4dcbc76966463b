import { type ErrorCode, LabError } from '../../errors.ts'

const REASONS: Record<string, { code: ErrorCode; why: string; hint: string }> = {
  ENOSPC: {
    code: 'disk-full',
    why: 'the disk is full',
    hint: 'Free some space; the lab goes on by itself. See: df -h',
  },
  EDQUOT: { code: 'disk-full', why: 'your disk quota is used up', hint: 'Free some space; the lab goes on by itself.' },
  EFBIG: { code: 'disk-full', why: 'the file size limit is reached', hint: 'Raise it with: ulimit -f unlimited' },
  EROFS: {
    code: 'disk-failed',
    why: 'the file system is read-only',
    hint: 'Move the lab to a folder that you may write.',
  },
  EACCES: { code: 'disk-failed', why: 'permission denied', hint: 'Make the folder yours, or use another.' },
  EPERM: { code: 'disk-failed', why: 'not permitted', hint: 'Make the folder yours, or use another.' },
  EIO: { code: 'disk-failed', why: 'the disk reports an I/O error', hint: 'Look at the disk: sudo dmesg | tail' },
}

/** What a failed file operation below `dir` means to the user; a LabError passes through. */
export function diskError(error: unknown, dir: string): LabError {
  if (error instanceof LabError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  const known = REASONS[code]
  return new LabError(known?.code ?? 'disk-failed', `cannot write to ${dir}: ${known?.why ?? message}`, {
    hint: known?.hint ?? 'Look at the folder and the disk that it is on.',
    cause: error,
  })
}
