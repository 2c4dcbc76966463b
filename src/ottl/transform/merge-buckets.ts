interface Buckets {
  offset: number
  bucketCounts: bigint[]
}

/** aggregateutil's: the counts of another point added to one's own, its offset as low as the lower of both. */
export function mergeBuckets(own: Buckets, other: Buckets): void {
  const differ = own.offset !== other.offset
  const counts = own.bucketCounts
  const add = (at: number, count: bigint) => {
    while (counts.length <= at) counts.push(0n)
    counts[at] = counts[at]! + count
  }
  if (!differ) for (const [i, count] of other.bucketCounts.entries()) add(i, count)
  else if (other.offset < own.offset) {
    for (const count of [...other.bucketCounts].reverse()) if (count > 0n) counts.unshift(count)
  } else {
    for (const [i, count] of other.bucketCounts.entries()) if (count > 0n) add(i + other.offset - own.offset, count)
  }
  if (!differ || other.bucketCounts.length === 0) return
  own.offset = Math.min(own.offset, other.offset)
  const first = counts.findIndex((count) => count !== 0n)
  own.bucketCounts = first < 0 ? [] : counts.slice(first)
}
