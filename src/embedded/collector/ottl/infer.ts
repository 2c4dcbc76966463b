import { OttlError, parseCondition, type Value } from './parse.ts'
import { type Context, VISIBLE } from './paths.ts'

/**
 * The narrowest of `order` that a condition's paths name (context inference). Throws OttlError where a path names no
 * context, or contexts that cannot be seen together.
 */
export function inferContext(text: string, order: readonly Context[]): Context {
  const named = new Set<string>()
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    if ((node as Value).kind === 'path') named.add((node as { names: string[] }).names[0]!)
    for (const inner of Object.values(node)) visit(inner)
  }
  visit(parseCondition(text))
  const supported = JSON.stringify([...new Set(order)]).replaceAll(',', ' ')
  const known = new Set<string>([...Object.keys(VISIBLE), 'instrumentation_scope', 'profile', 'otelcol'])
  const contexts = [...named].filter((name) => known.has(name))
  const foreign = contexts.find((name) => !(order as readonly string[]).includes(name))
  if (foreign !== undefined) {
    const from = `context ${JSON.stringify(foreign)} inferred from the conditions [${JSON.stringify(text)}]`
    throw OttlError.saying(`${from} is not a supported context: ${supported}`)
  }
  const fits = order.findLast((context) => named.has(context))
  const seen = fits !== undefined && contexts.every((name) => VISIBLE[fits].includes(name as Context))
  if (!seen || contexts.length < named.size) {
    throw OttlError.saying(
      `unable to infer context from conditions, path's first segment must be a valid context name: ${supported}, and at least one context must be capable of parsing all conditions: [${JSON.stringify(text)}]`,
    )
  }
  return fits
}
