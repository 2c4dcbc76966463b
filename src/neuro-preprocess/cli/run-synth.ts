import { type SynthOptions, synthesize } from '../synth/synth.ts'
import { onInterrupt } from './interrupt.ts'

/** `synth`, from parsed options to exit code. */
export async function runSynth(
  options: Omit<SynthOptions, 'signal' | 'onScan'>,
  about: { json: boolean; end(code: number): void },
  out: NodeJS.WriteStream,
): Promise<number> {
  const interrupt = onInterrupt(about.end)
  const onScan = (path: string) => about.json || out.write(`${path}\n`)
  const files = await synthesize({ ...options, signal: interrupt.signal, onScan })
  interrupt.release()
  if (about.json) out.write(`${JSON.stringify({ files }, undefined, 2)}\n`)
  return 0
}
