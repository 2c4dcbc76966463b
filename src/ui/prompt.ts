/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

export interface PromptChoice {
  name: string
  message: string
}

/** One of several; undefined when the learner leaves (Ctrl-C, Escape, end of input). Ask `canAsk` first. */
export async function promptSelect(message: string, choices: readonly PromptChoice[]): Promise<string | undefined> {
  // enquirer repeats the chosen one's name on the screen: that is to be its text, not what scripts call it.
  const texts = choices.map((choice) => ({ name: choice.message, message: choice.message }))
  const chosen = await prompt({ type: 'select', message, choices: texts })
  return choices.find((choice) => choice.message === chosen)?.name
}

/** A line of text, trimmed; undefined when the learner leaves. */
export async function promptText(message: string): Promise<string | undefined> {
  return (await prompt({ type: 'input', message }))?.trim()
}

/** Waits for any key; false when the learner wants out. */
export async function promptKey(message: string): Promise<boolean> {
  return (await prompt({ type: 'invisible', message })) !== undefined
}

/**
 * enquirer, guarded: at the end of its input it would never settle, and the process would end with 0.
 * It rejects with an empty string when it is left.
 */
async function prompt(options: object): Promise<string | undefined> {
  const { default: enquirer } = await import('enquirer')
  let leave: () => void = () => {}
  const gone = new Promise<undefined>((resolve) => {
    leave = () => resolve(undefined)
    process.stdin.once('end', leave)
    process.stdin.once('close', leave)
  })
  try {
    const asked = enquirer
      .prompt<{ value: string }>({ name: 'value', ...options } as never)
      .then(({ value }) => value)
      .catch((error: unknown) => {
        if (error instanceof Error && error.message !== '') throw error
        return undefined
      })
    return await Promise.race([asked, gone])
  } finally {
    process.stdin.off('end', leave)
    process.stdin.off('close', leave)
  }
}
