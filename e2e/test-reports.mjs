// Reads the reports of vitest, Playwright and `npm run endure`: how many tests passed, which failed and why, and how long each took.

/** @typedef {{ name: string, seconds: number }} TimedTest */
/** `failures`: the tests that failed, each with the first lines of its reason. */
/** @typedef {{ passed: number, failed: number, skipped: number, timed: TimedTest[], failures: string[] }} Report */

/** A test that failed, with the first lines of its reason. @param {string} name @param {string | undefined} reason */
function failure(name, reason = 'no reason was reported') {
  // Playwright colours what it reports.
  // oxlint-disable-next-line no-control-regex
  const plain = reason.replaceAll(/\u001b\[[0-9;]*m/g, '')
  return [name, ...plain.split('\n').filter(Boolean).slice(0, 12)].join('\n    ')
}

/** @param {any} json what vitest's reporter `json` writes @returns {Report} */
export function vitestReport(json) {
  return {
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + json.numTodoTests,
    timed: json.testResults.flatMap((/** @type {any} */ file) =>
      file.assertionResults.map((/** @type {any} */ test) => ({
        name: `${file.name.split('/').at(-1)}: ${test.fullName}`,
        seconds: (test.duration ?? 0) / 1000,
      })),
    ),
    failures: json.testResults.flatMap((/** @type {any} */ { name, message, assertionResults }) => {
      const file = name.split('/').at(-1)
      const failed = assertionResults.filter((/** @type {any} */ { status }) => status === 'failed')
      // A file that cannot be loaded has a message and no tests.
      if (failed.length === 0) return message ? [failure(file, message)] : []
      return failed.map((/** @type {any} */ test) => failure(`${file}: ${test.fullName}`, test.failureMessages[0]))
    }),
  }
}

/** @param {any} suite @returns {TimedTest[]} */
function timedIn({ suites = [], specs = [] }) {
  const own = specs.map((/** @type {any} */ { file, title, tests }) => ({
    name: `${file}: ${title}`,
    seconds:
      tests
        .flatMap((/** @type {any} */ test) => test.results)
        .reduce((/** @type {number} */ sum, /** @type {any} */ { duration }) => sum + duration, 0) / 1000,
  }))
  return [...own, ...suites.flatMap(timedIn)]
}

/** @param {any} suite @returns {string[]} */
function failuresIn({ suites = [], specs = [] }) {
  const own = specs.flatMap((/** @type {any} */ { file, title, tests }) =>
    tests
      .filter((/** @type {any} */ { status }) => status === 'unexpected' || status === 'flaky')
      .map((/** @type {any} */ { results }) =>
        failure(`${file}: ${title}`, results.find((/** @type {any} */ { error }) => error)?.error.message),
      ),
  )
  return [...own, ...suites.flatMap(failuresIn)]
}

/** @param {any} json what Playwright's reporter `json` writes @returns {Report} */
export function playwrightReport(json) {
  const { expected, unexpected, flaky, skipped } = json.stats
  return { passed: expected, failed: unexpected + flaky, skipped, timed: timedIn(json), failures: failuresIn(json) }
}

/** The tests that took longest, one a line. @param {readonly TimedTest[]} timed */
export function slowest(timed, most = 10) {
  return timed
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, most)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${name}`)
}
