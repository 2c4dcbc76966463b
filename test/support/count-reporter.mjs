const SLOWEST = 10

/**
 * Ends a run with `N passed, N failed, N skipped`, the line by which CI tells how many tests ran; before it the
 * slowest tests, since each of them is waited for by everybody.
 */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    const took = []
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state in count) count[state]++
        took.push({ ms: test.diagnostic()?.duration ?? 0, name: `${module.relativeModuleId} > ${test.fullName}` })
      }
    }
    const slowest = took.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST)
    // After the other reporters' summaries, whatever their order.
    process.once('exit', () => {
      if (took.length > SLOWEST) {
        console.log('The slowest tests:')
        for (const { ms, name } of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`)
      }
      console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
    })
  }
}
