/** `/docs`: the description of the API as a page that runs no script and loads nothing. */
import type { openApiOf } from './openapi'

type Description = ReturnType<typeof openApiOf>
type Path = NonNullable<Description['paths']>[string]
type Operation = NonNullable<Path['get']>

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font-size:.85rem}pre{background:#f4f4f4;padding:.75rem;overflow-x:auto}summary{cursor:pointer}
details{border-bottom:1px solid #ddd;padding:.4rem 0}table{border-collapse:collapse}td,th{text-align:left;padding:.1rem 1rem .1rem 0;vertical-align:top}`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

/** A schema as JSON, in which each name of another schema leads to it. */
const schemaOf = (schema: unknown): string =>
  `<pre>${escaped(JSON.stringify(schema, null, 2)).replace(
    /#\/components\/schemas\/([\w.-]+)/g,
    (whole, name: string) => `<a href="#schema-${name}">${whole}</a>`,
  )}</pre>`

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>
}
const contentOf = ({ content = {} }: Media): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `<p><code>${escaped(type)}</code></p>${schema ? schemaOf(schema) : ''}`)
    .join('')

function parametersOf(parameters: NonNullable<Operation['parameters']>): string {
  const rows = parameters.map((parameter) => {
    if ('$ref' in parameter) return `<tr><td colspan="3">${escaped(parameter.$ref)}</td></tr>`
    const { name, in: place, required, schema, description = '' } = parameter

    return `<tr><td><code>${escaped(name)}</code>${required ? '' : '?'}</td><td>${place}</td><td>${escaped(description)}${schemaOf(schema)}</td></tr>`
  })

  return rows.length === 0 ? '' : `<h4>Parameters</h4><table>${rows.join('')}</table>`
}

function operationOf(method: string, path: string, operation: Operation): string {
  const { summary = '', parameters = [], requestBody, responses = {}, security } = operation
  const body = requestBody ? `<h4>Body</h4>${contentOf(requestBody as Media)}` : ''
  const answers = Object.entries(responses).map(
    ([status, response]: [string, { readonly description?: string } & Media]) =>
      `<h4>${escaped(status)}: ${escaped(response.description ?? '')}</h4>${contentOf(response)}`,
  )

  return `<details><summary><code>${method.toUpperCase()} ${escaped(path)}</code> ${escaped(summary)}</summary>
<p>${security ? 'For whoever has signed in.' : 'For everybody.'}</p>${parametersOf(parameters)}${body}${answers.join('')}</details>`
}

/** The page: every operation by its group, then every schema. */
export function pageOf({ info, paths = {}, components = {} }: Description): string {
  const groups = new Map<string, string[]>()
  for (const [path, item] of Object.entries(paths))
    for (const method of METHODS) {
      const operation = item[method]
      if (!operation) continue
      const [tag = 'service'] = operation.tags ?? []
      groups.set(tag, [...(groups.get(tag) ?? []), operationOf(method, path, operation)])
    }
  const sections = [...groups].map(([tag, operations]) => `<h2>${escaped(tag)}</h2>${operations.join('')}`)
  const schemas = Object.entries(components.schemas ?? {}).map(
    ([name, schema]) =>
      `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>${schemaOf(schema)}</details>`,
  )

  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)} API</title><style>${STYLE}</style></head><body><h1>${escaped(info.title)} API ${escaped(info.version)}</h1>
<p>For programs: <a href="/openapi.json">/openapi.json</a>.</p>${sections.join('')}<h2>Schemas</h2>${schemas.join('')}</body></html>`
}
