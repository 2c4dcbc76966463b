import type { ExerciseState, MemberState, Roll, WrongAnswer } from './roll.ts'

export interface ClassPage {
  name: string
  roll: Roll
  now: number
  /** What is shown for an exercise, and for a check of it; the instructor has the course. */
  titleOf(number: number, slug: string): string
  checkOf(number: number, slug: string, id: string): string
  exercises: number
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const h = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)

/** The instructor's page: without a script, it asks for itself anew every few seconds. */
export function classPage(page: ClassPage): string {
  const { name, roll, now } = page
  const here = roll.members.filter(({ left }) => !left)
  const stuck = here.filter(({ stuckSince }) => stuckSince !== undefined)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>${h(name)}: ${here.length} learners, ${stuck.length} stuck</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${h(name)}</h1>
<p>${here.length} learners, ${stuck.length} stuck. As of ${new Date(now).toLocaleTimeString('en-GB')}.
<a href="class.csv" download>CSV</a> <a href="class.json">JSON</a></p>
<h2>What goes wrong most</h2>
${roll.wrong.length === 0 ? '<p>Nothing has gone wrong yet.</p>' : wrongTable(page)}
<h2>Who is where</h2>
${roll.members.length === 0 ? '<p>Nobody has joined yet.</p>' : membersTable(page)}
</main>
</body>
</html>
`
}

function membersTable({ roll, now, titleOf, exercises }: ClassPage): string {
  const rows = roll.members.map((member) => {
    const { name, now: at, passed, seenAt, left } = member
    const where = at ? `${at.number}. ${titleOf(at.number, at.slug)}` : 'has not checked anything yet'
    return `<tr${member.stuckSince === undefined ? '' : ' class="stuck"'}><th scope="row">${h(name)}</th><td>${h(where)}</td><td>${h(stateOf(member, at, now))}</td><td class="n">${at?.checks ?? 0}</td><td class="n">${at?.hints ?? 0}</td><td class="n">${passed} of ${exercises}</td><td>${left ? 'has left' : `${ago(now - seenAt)} ago`}</td></tr>`
  })
  return table(
    'Those who are stuck first: after three checks of an exercise without a pass, or ten minutes',
    ['Name', 'Exercise', 'State', 'Checks', 'Hints', 'Passed', 'Seen'],
    rows,
  )
}

function stateOf({ stuckSince }: MemberState, at: ExerciseState | undefined, now: number): string {
  if (at === undefined) return ''
  if (stuckSince !== undefined) return `stuck for ${ago(now - stuckSince)}`
  return at.state === 'passed' ? 'passed' : at.verdict
}

function wrongTable({ roll, titleOf, checkOf }: ClassPage): string {
  const rows = roll.wrong.slice(0, MOST).map((one: WrongAnswer) => {
    const { number, slug, failed, members, times } = one
    const [id = '', how = ''] = failed.split('/')
    return `<tr><td class="n">${members}</td><td class="n">${times}</td><td>${h(`${number}. ${titleOf(number, slug)}`)}</td><td>${h(checkOf(number, slug, id))}</td><td><code>${h(how === '' ? id : `${id}/${how}`)}</code></td></tr>`
  })
  return table(
    'Wrong answers, by how many learners have given them',
    ['Learners', 'Times', 'Exercise', 'Check', 'How it failed'],
    rows,
  )
}

const MOST = 12

const table = (caption: string, heads: string[], rows: string[]) =>
  `<table><caption>${caption}</caption><thead><tr>${heads.map((one) => `<th scope="col">${one}</th>`).join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`

/** From across a room seconds are noise. */
const ago = (ms: number) => (ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`)

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --warn: #b4510033 }
body { font: 16px/1.45 system-ui, sans-serif; margin: 0 }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; opacity: .75; padding-bottom: .4rem }
th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
.n { text-align: right; font-variant-numeric: tabular-nums }
.stuck { background: var(--warn) }
tbody th { font-weight: 600 }
`
