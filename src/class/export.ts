import type { ExerciseState, MemberState, Roll } from './roll.ts'

/** One row for each learner and exercise; RFC 4180. */
export function classCsv({ members }: Roll): string {
  const rows = members.flatMap((member) =>
    member.exercises.map((one) => [
      ...[member.name, member.id, one.course, String(one.number), one.slug, one.state],
      ...[String(one.checks), String(one.hints), String(one.applied), iso(one.firstAt)],
      ...[one.passedAt === undefined ? '' : iso(one.passedAt), failedOf(one).join(' ')],
    ]),
  )
  return [HEAD, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

const HEAD = [
  ...['name', 'id', 'course', 'number', 'slug', 'state', 'checks', 'hints', 'applied'],
  ...['first_check', 'passed_at', 'failed_last'],
]
const iso = (ms: number) => new Date(ms).toISOString()

/** Quoted where it must be; and no spreadsheet takes a name for a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const parts = (result: string) => {
  const [id = '', verdict = '', name = ''] = result.split(':')
  return { id, verdict, name }
}
const failedOf = ({ results }: ExerciseState) =>
  results.map(parts).flatMap(({ id, verdict, name }) => (verdict === 'passed' ? [] : [name ? `${id}/${name}` : id]))

const STATUS: Record<string, 'pass' | 'fail'> = { passed: 'pass', failed: 'fail' }

/** Exercism's results.json, version 3, by `member/slug`. */
export function classResults({ members }: Roll): { path: string[]; results: unknown }[] {
  return members.flatMap((member: MemberState) =>
    member.exercises.map((one) => ({
      path: [`${safeName(member.name)}-${safeName(member.id)}`, safeName(one.slug)],
      results: {
        version: 3,
        status: one.state === 'passed' ? 'pass' : (STATUS[one.verdict] ?? 'error'),
        ...(one.state !== 'passed' && STATUS[one.verdict] === undefined
          ? { message: `the lab was ${one.verdict}` }
          : {}),
        tests: one.results.map(parts).map(({ id, verdict, name }) => ({
          name: id,
          status: STATUS[verdict] ?? 'error',
          ...(verdict === 'passed' ? {} : { message: name || verdict }),
        })),
      },
    })),
  )
}

/** Of a folder: whatever somebody calls themselves, it stays below the one that was asked for. */
const safeName = (text: string) =>
  text
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'nobody'
