// Reads the reports of vitest, Playwright and `npm run endure`: how many tests passed, and how long each took.

/** @typedef {{ name: string, seconds: number }} TimedTest */
/** @typedef {{ passed: number, failed: number, skipped: number, timed: TimedTest[] }} Report */

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

/** @param {any} json what Playwright's reporter `json` writes @returns {Report} */
export function playwrightReport(json) {
  const { expected, unexpected, flaky, skipped } = json.stats
  return { passed: expected, failed: unexpected + flaky, skipped, timed: timedIn(json) }
}

/** The tests that took longest, one a line. @param {readonly TimedTest[]} timed */
export function slowest(timed, most = 10) {
  return timed
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, most)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${name}`)
}
