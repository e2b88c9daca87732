/**
 * What must be run on a database so that it fits prisma/schema.prisma: Prisma's own differ, from its WebAssembly package,
 * because the native engine is a download that many networks refuse. PostgreSQL only, for development and tests.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type ColumnType,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { Pool } from 'pg'

/** Types of the system catalogues, by oid, that the stock adapter refuses to read. */
const CATALOGUE_TYPES = new Map<number, ColumnType>([
  [16, ColumnTypeEnum.Boolean],
  [18, ColumnTypeEnum.Character],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [26, ColumnTypeEnum.Int64],
  [1000, ColumnTypeEnum.BooleanArray],
  [1002, ColumnTypeEnum.CharacterArray],
  [1003, ColumnTypeEnum.TextArray],
  [1005, ColumnTypeEnum.Int32Array],
  [1007, ColumnTypeEnum.Int32Array],
  [1009, ColumnTypeEnum.TextArray],
  [1016, ColumnTypeEnum.Int64Array],
  [1028, ColumnTypeEnum.Int64Array],
])

async function catalogueReader(url: string): Promise<SqlDriverAdapter> {
  const pool = new Pool({ connectionString: url, max: 1 })
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect()
  adapter.queryRaw = async (query: SqlQuery): Promise<SqlResultSet> => {
    const { fields, rows } = await pool.query<unknown[]>({ text: query.sql, values: query.args, rowMode: 'array' })
    return {
      columnNames: fields.map((field) => field.name),
      columnTypes: fields.map((field) => CATALOGUE_TYPES.get(field.dataTypeID) ?? ColumnTypeEnum.Text),
      rows,
    }
  }
  return adapter
}

// Node has it; its types come with the browser's, which this project does not load.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => {
    readonly exports: { readonly __wbindgen_start: () => void }
  }
}

interface Engine {
  diff(params: object): Promise<{ stdout: string | null; exitCode: number }>
}

async function loadEngine(factory: SqlMigrationAwareDriverAdapterFactory): Promise<Engine> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const module = new WebAssembly.Module(await readFile(path.join(folder, 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': { ...bindings } })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  )
}

/**
 * SQL that turns the database at `url` into what the schema file says; empty when they agree. Partial and expression
 * indexes, which a Prisma schema cannot say, are left out of the comparison by the differ itself.
 */
export async function schemaDifference(url: string, schemaFile: string): Promise<string> {
  const open: SqlDriverAdapter[] = []
  const connect = async () => {
    const adapter = await catalogueReader(url)
    open.push(adapter)
    return adapter
  }
  const engine = await loadEngine({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect,
    connectToShadowDb: () => Promise.reject(new Error('no shadow database: the migrations are applied beforehand')),
  })
  const files = [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }]
  try {
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: path.dirname(schemaFile) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    })
    return exitCode === 0 ? '' : (stdout ?? '')
  } finally {
    await Promise.all(open.map((adapter) => adapter.dispose()))
  }
}
