/** A table that names from outside are looked up in: it has no prototype, so `constructor` is in none of them. */
export const table = <T>(entries: Record<string, T>): Record<string, T> => Object.assign(Object.create(null), entries)
