// Runs SQL in DuckDB and prints the rows as JSON: node query.mjs MODULES SQL. MODULES is the node_modules folder with @duckdb/node-api.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, sql] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(modules, 'x.js'))('@duckdb/node-api');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const reader = await connection.runAndReadAll(sql);
console.log(JSON.stringify(reader.getRowObjectsJson()));
