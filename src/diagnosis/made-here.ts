import type { Facts } from './facts.ts'
import { mineOf } from './way.ts'

/** The connector that makes this signal of another one, of which something of the run has come; undefined where none does. */
export function makerOf({ configs: { topology }, signal, tap, run }: Facts): string | undefined {
  const ways = [...(topology?.pipelines ?? [])]
  const into = ways.filter((one) => one.signal === signal).flatMap(({ receivers }) => receivers)
  const came = new Set<string>((tap?.all ?? []).filter((one) => mineOf(one, run) > 0).map((one) => one.signal))
  return ways
    .filter((one) => one.signal !== signal && came.has(one.signal))
    .flatMap(({ exporters }) => exporters)
    .find((id) => topology!.connectors.has(id) && into.includes(id))
}
