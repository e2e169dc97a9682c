// tabtune bench: measures ceilings, kernels and whole steps on this device, or the cost of a token by size. Prints Markdown tables or JSON.
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { type BenchReport, benchMarkdown } from '../../config/bench-report'
import type { Gpu } from '../../gpu/gpu'
import { runBench } from '../../measure/run-bench'
import { fileWorkloads } from '../bench/files'
import { openGpu } from '../open'
import type { Options } from '../options'
import { progressBar } from '../progress'

function commit(): string {
  try {
    const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
    const changed = execFileSync('git', ['status', '--porcelain', '--untracked-files=no'], { encoding: 'utf8' }).trim()
    return changed ? `${head} with changes` : head
  } catch {
    return 'no git'
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function measure(gpu: Gpu, options: Options): Promise<BenchReport> {
  const bar = progressBar('measuring')
  const steps = options.training('steps') ?? 3
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}; Node ${process.versions.node}; commit ${commit()}`
  return runBench(gpu, {
    machine,
    only: (options.text('only') ?? '').split(',').filter(Boolean),
    extent: options.flag('sweep') ? 'size' : options.flag('quick') ? 'quick' : 'whole',
    steps,
    split: options.flag('kernels'),
    cpu: cpuMs,
    files: fileWorkloads(),
    onUpdate: ({ what, fraction }) => bar(fraction, what),
  })
}

export async function bench(options: Options): Promise<void> {
  const gpu = await openGpu()
  const report = await measure(gpu, options)
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : benchMarkdown(report))
  gpu.destroy()
}
