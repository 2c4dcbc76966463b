import type { Build, Component } from '../component.ts'

/** An extension that says who may send, and what to send along. */
export interface Authenticator extends Component {
  headers(): Record<string, string>
  /** Why a request is turned away; header names are in lower case. */
  fault(headerOf: (name: string) => string | undefined): string | undefined
}

/** The one that a component's `auth` names, looked up when it is needed; the config's check has seen that it is there. */
export function authenticatorOf(
  build: Build,
  auth: { authenticator: string } | undefined,
): () => Authenticator | undefined {
  return () => (auth === undefined ? undefined : (build.extension(auth.authenticator) as Authenticator | undefined))
}
