/** Whether there is somebody to ask. */
export function canAsk(options: { yes: boolean; json: boolean }): boolean {
  return !options.yes && !options.json && process.stdin.isTTY === true && process.stdout.isTTY === true
}

/** Asks at a terminal. End of input is no. */
export async function agreed(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises')
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('n')))
  const answer = await Promise.race([prompt.question(`${question} [Y/n] `), closed])
  prompt.close()
  return /^(y(es)?)?$/i.test(answer.trim())
}
