import { Random } from '../../support/random.ts'

/** Settings of the extension, and the headers that are put to a receiver which asks for it. */
export const AUTH_CASES: { settings: string; header: string }[] = [
  { settings: '{token: secret}', header: 'authorization' },
  { settings: '{tokens: [secret, other]}', header: 'authorization' },
  { settings: '{token: secret, scheme: ""}', header: 'authorization' },
  { settings: '{token: secret, scheme: Token, header: X-Auth}', header: 'x-auth' },
]

const VALUES = ['secret', 'Secret', 'other', '', ' secret', 'secret ', 'wrong', 'secret2', 'secre']
const SCHEMES = ['Bearer ', 'bearer ', 'Bearer', 'Token ', 'Basic ', '', 'Bearer  ']

export const authConfig = (settings: string, port: number) => `
extensions: {bearertokenauth: ${settings}}
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:${port}', auth: {authenticator: bearertokenauth}}}}}
exporters: {debug: {}}
service:
  extensions: [bearertokenauth]
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], exporters: [debug]}}
`

/** A thousand requests with a header or none: what was answered, by what was in it. */
export async function answersTo(port: number, header: string): Promise<Record<string, string>> {
  const random = new Random(5)
  const answers: Record<string, string> = {}
  for (let i = 0; i < 1_000; i++) {
    const name = random.chance(0.9) ? header : 'x-other'
    const value = random.chance(0.05) ? undefined : random.pick(SCHEMES) + random.pick(VALUES)
    const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(value !== undefined && { [name]: value }) },
      body: '{}',
    })
    answers[`${name}: ${value}`] = `${answer.status} ${answer.headers.get('www-authenticate')} ${await answer.text()}`
  }
  return answers
}
