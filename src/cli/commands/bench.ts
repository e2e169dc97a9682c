// tabtune bench: measures ceilings, kernels and whole steps on this device, or the cost of a token by size. Prints Markdown tables or JSON.
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { type BenchChoice, type BenchReport, benchMarkdown } from '../../config/bench-report'
import { deviceFile, deviceFileText, mostDeviceName } from '../../config/device-file'
import { FormatError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { Gpu } from '../../gpu/gpu'
import { runBench } from '../../measure/run-bench'
import { fileWorkloads } from '../bench/files'
import { writeOne } from '../files'
import { checkFile } from '../out-folder'
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

function extentOf(options: Options): BenchChoice['extent'] {
  if (options.flag('models')) return 'models'
  return options.flag('sweep') ? 'size' : options.flag('quick') ? 'quick' : 'whole'
}

/** How long real models may take. @throws FormatError */
function minutesOf(options: Options): number | undefined {
  const minutes = options.number('minutes')
  if (minutes === undefined || (minutes > 0 && minutes <= 1000)) return minutes
  throw new FormatError(say`--minutes: expected a number above 0 and up to 1000, got ${minutes}. Correct it.`)
}

/** @throws FormatError if nothing was measured that the file could hold */
async function writeDeviceFile(path: string, report: BenchReport, device: string): Promise<void> {
  const file = deviceFile(report, device, new Date())
  if (!file) throw new FormatError(say`--out: expected a model that was measured, got none. The table says why; give --models too.`)
  await writeOne(path, new TextEncoder().encode(deviceFileText(file)))
}

async function measure(gpu: Gpu, options: Options): Promise<BenchReport> {
  const bar = progressBar('measuring')
  const steps = options.training('steps') ?? 3
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}; Node ${process.versions.node}; commit ${commit()}`
  return runBench(gpu, {
    machine,
    only: (options.text('only') ?? '').split(',').filter(Boolean),
    extent: extentOf(options),
    steps,
    minutes: minutesOf(options),
    split: options.flag('kernels'),
    // A processor's time says how long its own kernels take, and nothing about those of a GPU.
    cpu: gpu.software ? cpuMs : undefined,
    files: fileWorkloads(),
    onUpdate: ({ what, fraction }) => bar(fraction, what),
  })
}

export async function bench(options: Options): Promise<void> {
  const [out, device] = [options.text('out'), options.text('device') ?? '']
  if (out !== undefined && !options.flag('models'))
    throw new FormatError(say`--out: expected it with --models, got it alone. Add --models.`)
  if (device.length > mostDeviceName)
    throw new FormatError(say`--device: expected at most ${mostDeviceName} characters, got ${device.length}. Shorten the name.`)
  await checkFile('out', out)
  const gpu = await openGpu()
  const report = await measure(gpu, options)
  process.stdout.write(options.flag('json') ? `${JSON.stringify(report, null, 2)}\n` : benchMarkdown(report))
  gpu.destroy()
  if (out !== undefined) await writeDeviceFile(out, report, device)
}
