// tabtune bench: steady training steps of the workloads, as a Markdown table or JSON.
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { type Measured, measure } from '../bench/measure'
import { workloads } from '../bench/workloads'
import { openGpu } from '../open'
import type { Options } from '../options'

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'no git'
  }
}

const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(2)

function row(m: Measured): string {
  return `| ${m.workload} | ${m.batch} × ${m.length} | ${m.tokensPerSecond.toFixed(0)} | ${m.msPerStep.toFixed(1)} | ${m.cpuMsPerStep.toFixed(0)} | ${m.gflops.toFixed(2)} | ${m.dispatches} | ${m.hostMsPerStep.toFixed(1)} | ${mib(m.planBytes)} | ${mib(m.peakBytes)} | ${m.compileMs.toFixed(0)} |`
}

function kernelTable(kernels: NonNullable<Measured['kernels']>): string {
  const lines = kernels.map((k) => `| ${k.kernel} | ${k.launches} | ${k.cpuMs.toFixed(1)} | ${k.gflops.toFixed(2)} |`)
  return `\n| kernel | launches | CPU ms | GFLOP per CPU s |\n|---|---|---|---|\n${lines.join('\n')}\n\n`
}

export async function bench(options: Options): Promise<void> {
  const gpu = await openGpu()
  const only = options.text('only')
  const steps = options.number('steps') ?? 3
  const chosen = workloads.filter((w) => (only ? w.name.includes(only) : !w.large || !gpu.software))
  const json = options.flag('json')
  const machine = `${gpu.name}; ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}; Node ${process.versions.node}; commit ${commit()}`
  if (!json)
    process.stdout.write(
      `${machine}\n\n| workload | batch | tokens/s | ms/step | CPU ms/step | GFLOP/s | dispatches | host ms | plan MiB | peak MiB | compile ms |\n|---|---|---|---|---|---|---|---|---|---|---|\n`,
    )
  const rows: Measured[] = []
  for (const workload of chosen) {
    const measured = await measure(gpu, workload, steps, options.flag('kernels'))
    rows.push(measured)
    if (!json) process.stdout.write(`${row(measured)}\n`)
    if (!json && measured.kernels) process.stdout.write(kernelTable(measured.kernels))
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine, rows }, null, 2)}\n`)
  gpu.destroy()
}
