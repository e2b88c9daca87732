/** Keeps other sites from acting in the name of whoever is signed in here. */
import type { RequestHandler } from 'express'
import { Problem } from '../http/problems'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

function sameHost(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}

/** Where the body of a request is the bytes of a file. */
const FILES = '/files'
const typeOf = (path: string): string => (path === FILES ? 'application/octet-stream' : 'application/json')

/** Unsafe methods only from our own pages, and bodies only of types that no form of another site can send. */
export const refuseOtherSites: RequestHandler = (request, _response, next) => {
  if (SAFE.has(request.method)) return next()
  const site = request.get('Sec-Fetch-Site')
  const origin = request.get('Origin')
  const ours =
    site !== undefined
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || sameHost(origin, request.get('Host'))
  if (!ours) throw Problem.for('crossSite')
  const hasBody = request.get('Transfer-Encoding') !== undefined || Number(request.get('Content-Length') ?? 0) > 0
  if (hasBody && !request.is(typeOf(request.path))) throw Problem.for('wrongType')
  next()
}
