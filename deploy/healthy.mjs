// `node deploy/healthy.mjs URL [pattern]`: ends with 0 when the address answers 2xx and, if one is given, the pattern is in the
// answer. Plain JavaScript without imports, because a container is asked every few seconds.
const [url, pattern] = process.argv.slice(2)
const answer = await fetch(url, { signal: AbortSignal.timeout(4000) }).catch((error) => ({
  ok: false,
  text: () => String(error),
}))
const text = await answer.text()
if (!answer.ok || (pattern !== undefined && !new RegExp(pattern, 'm').test(text))) {
  console.error(text.slice(0, 500))
  process.exitCode = 1
}
