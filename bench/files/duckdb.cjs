// Measures DuckDB with files, in memory, on two threads. Each step is SQL; the time and the CPU time of the last are printed in seconds.
const { DuckDBInstance } = require('@duckdb/node-api')

async function main() {
  const steps = process.argv.slice(1)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  let seconds = 0
  let cpu = 0
  for (const sql of steps) {
    const start = process.hrtime.bigint()
    const cpuStart = process.cpuUsage()
    await connection.run(sql)
    const used = process.cpuUsage(cpuStart)
    cpu = (used.user + used.system) / 1e6
    seconds = Number(process.hrtime.bigint() - start) / 1e9
  }
  console.log(seconds, cpu)
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
