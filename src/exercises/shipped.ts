/** Written by the build: the digests of the exercises as they are shipped. */
export const SHIPPED: Readonly<Record<string, string>> = {
  '01-watch-spans-pass': '28760a6c7c9f709944ae9c3a68dc34859408eb21cdd8a95d7be007a6b80c27b6',
  '02-measure-the-delay': 'dadbeb8da555be6d631bb07499cd91b4f728f7a6ce7811f58e0d004b62a281e2',
  '03-follow-the-failure': 'c3da9302134efa9f2c08f9549ba1c90f7e92b590a13eb4d230b3f4d176c74b0f',
  '20-the-first-span': 'fdf482422cdc32622dc294d0b0d0ed779b5820a9cfb04dba0fa6e5e89a327d18',
}
