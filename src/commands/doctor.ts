import { EXIT } from '../errors.ts'
import { LabCommand } from './base.ts'
import type { Finding } from './doctor/finding.ts'

export class Doctor extends LabCommand {
  static override summary =
    'Look for what is wrong: the machine, the lab folder, the ports, the stack, a span sent through it'
  static override description =
    'Each finding says what to do next. Exit code 0 when nothing is wrong, 4 when something is.'
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json']
  static override enableJsonFlag = true

  async run() {
    await this.parse(Doctor)
    const signal = this.interruptSignal()
    const [{ renderVerdict }, findings] = await Promise.all([import('../ui/verdict.ts'), examine(signal, process.env)])
    for (const { state, title, seen, next } of findings) {
      const verdict = { ok: 'passed', warning: 'slow', error: 'broken' } as const
      const text = renderVerdict({
        state: verdict[state],
        title: `${title}: ${seen.replaceAll('\n', '\n  ')}`,
        ...(next ? { next } : {}),
      })
      this.log(text)
    }
    const errors = findings.filter(({ state }) => state === 'error').length
    this.log(
      errors === 0 ? '\nNothing is wrong.' : `\n${errors === 1 ? 'One thing is' : `${errors} things are`} wrong.`,
    )
    if (errors > 0) this.endWith(EXIT.broken)
    return { findings, healthy: errors === 0 }
  }
}

/** From the ground up: what stands on a broken thing is not asked. */
async function examine(signal: AbortSignal, env: Record<string, string | undefined>): Promise<Finding[]> {
  const [machine, stack, { checkEndToEnd }, { findWorkspace }, { openEngine }, { LabError }] = await Promise.all([
    import('./doctor/machine.ts'),
    import('./doctor/stack.ts'),
    import('./doctor/probe.ts'),
    import('../workspace.ts'),
    import('../engine/choose.ts'),
    import('../errors.ts'),
  ])
  const findings = [machine.checkNode(process.version), machine.checkMemory(), await machine.checkDocker(env)]
  const workspace = await findWorkspace({ env }).catch((error) => {
    if (!(error instanceof LabError)) throw error
    findings.push({
      state: 'warning',
      title: 'Lab folder',
      seen: error.message,
      ...(error.hint ? { next: error.hint } : {}),
    })
  })
  if (!workspace) return [...findings, await stack.checkPorts(0)]
  findings.push(await machine.checkWritable(workspace.root), await machine.checkDisk(workspace.root))
  const engine = await openEngine(workspace)
  const { findings: services, status } = await stack.checkServices({ workspace, engine, env })
  findings.push(...services)
  if (!status.running) return [...findings, await stack.checkPorts((await workspace.state()).portOffset ?? 0)]
  const endpoints = await engine.endpoints()
  const backends = await stack.checkBackends(endpoints)
  findings.push(...backends)
  if (backends.every(({ state }) => state !== 'error')) findings.push(await checkEndToEnd(endpoints, signal))
  return findings
}
