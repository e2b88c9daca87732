/**
 * What is measured, at an address of its own for whoever runs the product: figures count restricted cases too, and would tell everybody on
 * the port that people use that there is one.
 */
import { createServer, type Server } from 'node:http'
import type { Metrics } from '../service/metrics'

/** Serves `GET /metrics` for Prometheus at `host:port`, and nothing else. */
export function serveFigures(address: string, metrics: Pick<Metrics, 'text'>): Server {
  const { hostname, port } = new URL(`http://${address}`)
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end()
      return
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    )
  })

  // an address of port 80 comes without it
  return server.listen(Number(port || 80), hostname.replace(/^\[|\]$/g, ''))
}
