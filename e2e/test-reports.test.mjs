// The counts, times and failures that `npm test` reads from the reports of its parts.
import { expect, it } from 'vitest'
import { playwrightReport, slowest, vitestReport } from './test-reports.mjs'

it('a report of vitest has its counts and the time of each test', () => {
  const assertionResults = [{ fullName: 'adds', duration: 1500 }, { fullName: 'is left out' }]
  const json = {
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: [{ name: '/src/a.test.ts', assertionResults }],
  }
  expect(vitestReport(json)).toEqual({
    passed: 1,
    failed: 0,
    skipped: 1,
    timed: [
      { name: 'a.test.ts: adds', seconds: 1.5 },
      { name: 'a.test.ts: is left out', seconds: 0 },
    ],
    failures: [],
  })
})

it('a report of vitest names the tests that failed, and files that could not be loaded', () => {
  const failed = { fullName: 'adds', status: 'failed', failureMessages: ['expected 2 to be 3\n    at a.test.ts:7'] }
  const testResults = [
    { name: '/src/a.test.ts', message: '', assertionResults: [failed, { fullName: 'subtracts', status: 'passed' }] },
    { name: '/src/b.test.ts', message: 'no such module', assertionResults: [] },
  ]
  const json = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults }
  expect(vitestReport(json).failures).toEqual([
    'a.test.ts: adds\n    expected 2 to be 3\n        at a.test.ts:7',
    'b.test.ts\n    no such module',
  ])
})

it('a report of Playwright has those of all its suites, and a flaky test has failed', () => {
  /** @param {string} title @param {number} duration */
  const specs = (title, duration) => {
    const status = title === 'closes' ? 'flaky' : 'expected'
    const error = { message: '\u001b[31mtimed out\u001b[39m' }
    return [{ file: 'a.spec.ts', title, tests: [{ status, results: [{ duration, error }, { duration: 500 }] }] }]
  }
  const json = {
    stats: { expected: 2, unexpected: 0, flaky: 1, skipped: 0 },
    suites: [{ specs: specs('opens', 1000), suites: [{ specs: specs('closes', 2000) }] }],
  }
  expect(playwrightReport(json)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 0,
    timed: [
      { name: 'a.spec.ts: opens', seconds: 1.5 },
      { name: 'a.spec.ts: closes', seconds: 2.5 },
    ],
    failures: ['a.spec.ts: closes\n    timed out'],
  })
})

it('the slowest tests come first', () => {
  const timed = [1, 30, 2].map((seconds) => ({ name: `t${seconds}`, seconds }))
  expect(slowest(timed, 2)).toEqual(['  30.0 s  t30', '   2.0 s  t2'])
})
