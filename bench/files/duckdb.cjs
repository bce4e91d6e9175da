// Measures DuckDB with files, in memory, on two threads. Each step is SQL; the time of the last is printed in seconds.
const { DuckDBInstance } = require('@duckdb/node-api')

async function main() {
  const steps = process.argv.slice(1)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  let seconds = 0
  for (const sql of steps) {
    const start = process.hrtime.bigint()
    await connection.run(sql)
    seconds = Number(process.hrtime.bigint() - start) / 1e9
  }
  console.log(seconds)
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
