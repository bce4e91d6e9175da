// Measures queries of DuckDB on a JSON array of a shape, in memory, on two threads. Prints one line per figure: name,
// value, unit.
const { DuckDBInstance } = require('@duckdb/node-api')

async function main() {
  const file = process.argv[2]
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
  const count = async (name, where) => print(name, await median(`select count(*) from t where ${where}`))
  const sort = async (name, by) => print(name, await median(`create or replace temp table s as select rowid from t order by ${by}`))

  const quoted = file.replaceAll("'", "''")
  print('load', await time(`create table t as select * from read_json('${quoted}', format = 'array')`))
  const shapes = { catalog, wide }
  await shapes[process.argv[3]]({ time, median, print, count, sort })
  console.log(`memory ${process.resourceUsage().maxRSS * 1024} bytes`)
}

async function catalog({ time, median, print, count, sort }) {
  const price = "cast(replace(replace(price, '$', ''), ',', '') as double)"
  await count('filter-number', 'rating >= 4')
  await count('filter-brand', "brand = 'Acme'")
  await count('filter-three', `rating >= 3 and brand = 'Acme' and reviews < 20000`)
  await count('filter-price', `${price} >= 1000`)
  await count('filter-deep', 'deep.a.b.c.d.e >= 150')
  await count('filter-contains', "description ilike '%solar leather%'")
  await count('regex-no-literal', "regexp_matches(description, '[aeiou]{3}[^ ]* [0-9]{6}')")
  await count('regex-alternation', "regexp_matches(description, '(?i)solar lamp|river table|coffee set')")
  const columns = ['sku', 'name', 'brand', 'price', 'description', 'url']
  await count('regex-all', columns.map((c) => `regexp_matches(${c}, '[aeiou]{3}[^ ]* [0-9]{6}')`).join(' or '))
  await sort('sort-brand', 'brand')
  await sort('sort-number', 'reviews')
  await sort('sort-date', 'seen')
  await sort('sort-name', 'name')
  await sort('sort-description', 'description')
  await sort('sort-name-collated', 'name collate nocase')
  await sort('sort-description-collated', 'description collate nocase')
  await sort('sort-price-name', `${price} desc, name`)
  print('profile', await time('summarize t'))
  print('duplicates', await median('select count(*) from (select sku, count(*) n from t group by sku having n > 1)'))
  print('duplicates-items', await median('select count(*) from (select t, count(*) n from t group by t having n > 1)'))
}

async function wide({ time, median, print, count, sort }) {
  await count('filter-number', 'column_100 >= 5000')
  await count('filter-text', "column_150 = 'solar Lamp'")
  await count('filter-three', "column_100 >= 5000 and column_200 < 3000 and column_150 = 'solar Lamp'")
  await sort('sort-number', 'column_100')
  await sort('sort-text', 'column_150')
  print('profile', await time('summarize t'))
  print('duplicates', await median('select count(*) from (select column_0, count(*) n from t group by column_0 having n > 1)'))
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
