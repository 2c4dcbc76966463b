import type { ReportFile } from '../../page-server/answers.ts'
import { Checks } from '../exercise/checks.tsx'
import { Hint } from '../parts/said.tsx'

const isNumber = (head: string) => !['Exercise', 'State'].includes(head)
const moment = (iso: string) => `${iso.slice(0, 19).replace('T', ' ')} UTC`

/** What somebody has passed, and what each pass rests on. */
export function ReportView({ report: { course, madeAt, labId, exercises } }: { report: ReportFile }) {
  const passed = exercises.filter(({ state }) => state === 'passed')
  return (
    <div class="file">
      <h1>
        {course}: {passed.length} of {exercises.length} exercises passed
      </h1>
      <p class="lead">
        Made {moment(madeAt)} by otel-lab. Signed by lab <code>{labId}</code>.
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              {['No.', 'Exercise', 'State', 'Checks', 'Hints'].map((head) => (
                <th key={head} scope="col" class={isNumber(head) ? 'num' : ''}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {exercises.map((one) => (
              <tr key={one.number}>
                <td class="num">{one.number}</td>
                <th scope="row">{one.title}</th>
                <td class={one.distrust ? 'bad' : one.state === 'passed' ? 'good' : 'dim'}>{stateOf(one)}</td>
                <td class="num">{one.checks}</td>
                <td class="num">{one.hints}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {exercises
        .filter(({ evidence }) => evidence.length > 0)
        .map(({ number, title, goal, passedAt, pass, evidence }) => (
          <section key={number} class="exercise">
            <h2>
              {number}. {title}
            </h2>
            <p class="goal">{goal}</p>
            <p class="dim">
              Passed {passedAt && moment(passedAt)} by run <code>{pass?.runId}</code>.
            </p>
            <Checks
              checks={evidence.map(({ check, title: what, seen, query, traceId, link }, i) => ({
                ...{ id: `${check} ${i}`, title: what, seen, state: 'passed' as const },
                ...(query ? { query } : {}),
                ...(traceId ? { traceId } : {}),
                ...(isWeb(link) ? { link } : {}),
              }))}
            />
          </section>
        ))}
      <p class="dim again">Check it again, signatures and traces:</p>
      <Hint text="otel-lab report --verify FILE" />
    </div>
  )
}

/** Links come out of a file that may be a stranger's. */
const isWeb = (link: string | undefined): link is string => link !== undefined && /^https?:\/\//.test(link)

function stateOf({ state, applied, changed, distrust, checks }: ReportFile['exercises'][number]): string {
  if (distrust) return `does not count: ${distrust}`
  if (state !== 'passed') return state === 'new' ? 'not tried' : checks === 1 ? 'tried once' : `tried ${checks} times`
  return ['passed', ...(applied ? ['by its solution'] : []), ...(changed ? ['exercise was changed'] : [])].join(', ')
}
