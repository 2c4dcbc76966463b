/** The newest ids that were added or asked for, so many of them. None where there is to be no cache. */
export function createRemembered(size: number) {
  const ids = new Set<string>()
  const touch = (id: string) => {
    ids.delete(id)
    ids.add(id)
  }
  return {
    /** False where nothing is remembered. */
    add(id: string): boolean {
      if (size <= 0) return false
      touch(id)
      if (ids.size > size) {
        const [oldest] = ids
        ids.delete(oldest!)
      }
      return true
    },
    has(id: string): boolean {
      if (!ids.has(id)) return false
      touch(id)
      return true
    },
  }
}
