/** The compiler, asked about files that are not there. */
import path from 'node:path'
import ts from 'typescript'

const ROOT = path.resolve(__dirname, '../..')

/** What the compiler says of each file (path from the root → code), as if it stood in the project. */
export function complaintsOf(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const planted = new Map([...files].map(([file, code]) => [path.join(ROOT, file), code]))
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, directoryExists, getSourceFile } = host
  const folders = new Set([...planted.keys()].map((file) => path.dirname(file)))
  host.readFile = (file) => planted.get(file) ?? readFile(file)
  host.fileExists = (file) => planted.has(file) || fileExists(file)
  host.directoryExists = (folder) => folders.has(folder) || (directoryExists?.(folder) ?? true)
  host.getSourceFile = (file, version, ...more) => {
    const code = planted.get(file)

    return code === undefined ? getSourceFile(file, version, ...more) : ts.createSourceFile(file, code, version)
  }
  const program = ts.createProgram([...planted.keys()], { ...options, noEmit: true }, host)

  return new Map(
    [...files.keys()].map((file) => {
      const source = program.getSourceFile(path.join(ROOT, file))
      const said = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]

      return [file, said.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))]
    }),
  )
}
