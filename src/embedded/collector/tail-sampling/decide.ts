import { type Policy, partsOfPolicy } from '../../../collector-config.ts'
import type { Logger } from '../logger.ts'
import type { Meter } from './meter.ts'
import { type Evaluate, evaluatorOf } from './policies.ts'
import type { Decision, TraceView } from './trace.ts'

interface Rule {
  name: string
  drops: boolean
  evaluate: Evaluate
}

interface Settings {
  policies: Policy[]
  sample_on_first_match: boolean
}

/** Asks the policies: those that drop first, then the others in their order. */
export function createDecider(settings: Settings, meter: Meter, logger: Logger) {
  const all = settings.policies.map((policy): Rule => {
    return { name: policy.name, drops: policy.type === 'drop', evaluate: evaluatorOf(policy) }
  })
  const rules = [...all.filter(({ drops }) => drops), ...all.filter(({ drops }) => !drops)]

  const ask = ({ name, evaluate }: Rule, trace: TraceView, now: number): Decision | undefined => {
    const start = performance.now()
    try {
      const decision = evaluate(trace, now)
      meter.byPolicy(name, decision, performance.now() - start)
      return decision
    } catch (error) {
      meter.failed()
      logger.debug('Sampling policy error', { error: (error as Error).message })
      return undefined
    }
  }
  return {
    /** Whether a policy wants to know how much a trace weighs. */
    weighs: settings.policies.some(weighs),
    /** One that drops has the last word; else one that samples is enough. */
    whole(trace: TraceView, now: number): Decision {
      let sampled = false
      for (const rule of rules) {
        const decision = ask(rule, trace, now)
        if (decision === 'dropped') return 'dropped'
        if (decision !== 'sampled') continue
        sampled = true
        if (settings.sample_on_first_match) break
      }
      return sampled ? 'sampled' : 'not_sampled'
    },
    /** Of what has just come: undefined where that does not decide yet. A trace that may be dropped waits. */
    part(trace: TraceView, now: number): Decision | undefined {
      let pending = false
      for (const rule of rules) {
        if (!rule.drops && pending) return undefined
        const decision = ask(rule, trace, now)
        if (decision === 'dropped') return 'dropped'
        if (rule.drops && decision !== undefined) pending = true
        else if (decision === 'sampled') return 'sampled'
      }
      return undefined
    },
  }
}

const weighs = (policy: Policy): boolean => policy.type === 'bytes_limiting' || partsOfPolicy(policy).some(weighs)
