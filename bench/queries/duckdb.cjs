// Runs queries of DuckDB on a JSON array of a shape, in memory, on two threads. Loads the array and prints how long that
// took, in seconds. Then reads names of queries, one per line, and prints for each how long the query took, in seconds.
// The name "memory" stands for the peak memory of the process, in bytes.
const { DuckDBInstance } = require('@duckdb/node-api')
const readline = require('node:readline')

async function main() {
  const [file, shape] = process.argv.slice(1)
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const time = async (sql) => {
    const start = process.hrtime.bigint()
    await connection.runAndReadAll(sql)
    return Number(process.hrtime.bigint() - start) / 1e9
  }
  const quoted = file.replaceAll("'", "''")
  console.log(await time(`create table t as select * from read_json('${quoted}', format = 'array')`))
  const queries = { catalog, wide }[shape]
  for await (const name of readline.createInterface({ input: process.stdin })) {
    if (name === 'memory') {
      console.log(process.resourceUsage().maxRSS * 1024)
    } else {
      console.log(await time(queries[name]))
    }
  }
}

const count = (where) => `select count(*) from t where ${where}`
const sort = (by) => `create or replace temp table s as select rowid from t order by ${by}`
const repeated = (by) => `select count(*) from (select ${by}, count(*) n from t group by ${by} having n > 1)`

const price = "cast(replace(replace(price, '$', ''), ',', '') as double)"
const vowels = (column) => `regexp_matches(${column}, '[aeiou]{3}[^ ]* [0-9]{6}')`
const catalog = {
  'filter-number': count('rating >= 4'),
  'filter-brand': count("brand = 'Acme'"),
  'filter-three': count("rating >= 3 and brand = 'Acme' and reviews < 20000"),
  'filter-price': count(`${price} >= 1000`),
  'filter-deep': count('deep.a.b.c.d.e >= 150'),
  'filter-contains': count("description ilike '%solar leather%'"),
  'regex-no-literal': count(vowels('description')),
  'regex-alternation': count("regexp_matches(description, '(?i)solar lamp|river table|coffee set')"),
  'regex-all': count(['sku', 'name', 'brand', 'price', 'description', 'url'].map(vowels).join(' or ')),
  'sort-brand': sort('brand'),
  'sort-number': sort('reviews'),
  'sort-date': sort('seen'),
  'sort-name': sort('name'),
  'sort-description': sort('description'),
  'sort-name-collated': sort('name collate nocase'),
  'sort-description-collated': sort('description collate nocase'),
  'sort-price-name': sort(`${price} desc, name`),
  profile: 'summarize t',
  duplicates: repeated('sku'),
  'duplicates-items': repeated('t'),
}

const wide = {
  'filter-number': count('column_100 >= 5000'),
  'filter-text': count("column_150 = 'solar Lamp'"),
  'filter-three': count("column_100 >= 5000 and column_200 < 3000 and column_150 = 'solar Lamp'"),
  'sort-number': sort('column_100'),
  'sort-text': sort('column_150'),
  profile: 'summarize t',
  duplicates: repeated('column_0'),
}

main().catch((error) => {
  console.error(String(error))
  process.exit(1)
})
