// A portal where doctors look at scans: an HTTP server, and one doctor who uses it. It knows nothing of telemetry.
import { createServer } from 'node:http'

const subject = process.env.SUBJECT ?? '${patient}'

const server = createServer((request, response) => {
  const asked = new URL(request.url, 'http://portal').searchParams.get('subject')
  response.end(`the scan of ${asked}`)
})
server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${server.address().port}/scans?subject=${subject}`
  const response = await fetch(url)
  console.log(await response.text())
  server.close()
})
