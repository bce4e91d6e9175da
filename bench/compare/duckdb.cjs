// Measures DuckDB on a JSON array, in memory, on two threads. Prints one line per figure: name, value, unit.
const { DuckDBInstance } = require('@duckdb/node-api')

async function main() {
  const [file, ...needles] = process.argv.slice(2)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const time = async (sql) => {
    const start = process.hrtime.bigint()
    await connection.runAndReadAll(sql)
    return Number(process.hrtime.bigint() - start) / 1e9
  }
  // Returns the median of three runs.
  const median = async (sql) => [await time(sql), await time(sql), await time(sql)].sort((a, b) => a - b)[1]
  const print = (name, seconds) => console.log(`${name} ${seconds} s`)

  const quoted = file.replaceAll("'", "''")
  print('load', await time(`create table t as select * from read_json('${quoted}', format = 'array')`))
  // Numeric columns are left out, which favors DuckDB.
  const columns = ['sku', 'name', 'price', 'brand', 'url']
  for (const needle of needles) {
    const [name, text] = needle.split('=')
    const where = columns.map((c) => `${c} ilike '%${text}%'`).join(' or ')
    print('search/' + name, await median(`select count(*) from t where ${where}`))
  }
  const price = "cast(replace(replace(price, '$', ''), ',', '') as double)"
  print('sort-price-first', await time(`create or replace temp table s as select rowid from t order by ${price}`))
  print('sort-price-again', await time(`create or replace temp table s as select rowid from t order by ${price}`))
  print('profile', await time('summarize t'))
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
