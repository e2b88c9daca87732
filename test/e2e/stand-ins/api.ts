import { createServer } from 'node:http'

createServer((request, response) => {
  const found = request.url === '/ready'
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ pid: process.pid }))
}).listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => process.exit(0))
