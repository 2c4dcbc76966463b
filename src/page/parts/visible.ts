/** Signs that turn the order of what follows: in a name they make `exe.live` of another name. */
const TURNING = /[\u202d\u202e]/g

/** A name as it is, also where it would hide that. */
export const visible = (name: string): string =>
  name === '' ? '(empty)' : name.replace(TURNING, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase()}⟩`)
