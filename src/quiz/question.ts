export interface Choice {
  /** By which scripts and the saved progress name it. */
  key: string
  text: string
  right?: true
  /** Why it is right, or what is wrong with it. */
  says: string
}

export interface Question {
  id: string
  ask: string
  /** Of which one is right. */
  choices: Choice[]
}
