/** Written by the build: the digests of the exercises as they are shipped. */
export const SHIPPED: Readonly<Record<string, string>> = {
  '01-watch-spans-pass': '193bc5390128d60d3a91c9454d23146c6d0812d4a6ecbf2acb4169bef574f189',
  '02-measure-the-delay': '6ccdac8d248c68e0f6034f79116270623c45391a5a46171777217fd839c00983',
  '03-follow-the-failure': '2ad122b4e57bc19ef6d06e83a7bad683f09a38cf271a94f8786d12a98fe09ec4',
  '20-the-first-span': '61cfbb3676df851f706463d31e8001f1a22fc5e8c30f4fb88184ed0b342cc0c0',
}
