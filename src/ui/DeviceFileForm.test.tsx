import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { deviceFile, deviceFileText } from '../config/device-file'
import { madeReport } from '../testing/made-bench'
import { DeviceFileContent } from './DeviceFileContent'
import { DeviceFileForm } from './DeviceFileForm'

it('a result file is offered if a model was measured, and shown before it is saved', () => {
  expect(renderToStaticMarkup(<DeviceFileForm report={madeReport} />)).toContain('device-file-make')
  const none = { ...madeReport, models: { measured: [], leftOut: [] } }
  expect(renderToStaticMarkup(<DeviceFileForm report={none} />)).toBe('')

  const at = new Date('2026-11-30T12:00:00Z')
  const [, shown] = /<pre[^>]*>([^<]*)<\/pre>/.exec(renderToStaticMarkup(<DeviceFileContent report={madeReport} at={at} />))!
  expect(shown!.replaceAll('&quot;', '"')).toBe(deviceFileText(deviceFile(madeReport, '', at)!))
})
