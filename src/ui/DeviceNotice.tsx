// Says that the browser withholds the graphics device after a loss, and how long it will still be asked.
import { Icon } from './icons'
import { formatCount } from './format'
import { useDevice } from './studio-context'
import { useText } from './text/text'

export function DeviceNotice() {
  const text = useText()
  const leftMs = useDevice().recovering?.leftMs
  if (leftMs === undefined) return null
  return (
    // The seconds change all the time, so a screen reader is told once, by the region that appears.
    <div className="notice notice-warning" role="status" aria-atomic="false" data-testid="device-withheld">
      <Icon name="warning" />
      <p>{text.gpu.withheld(formatCount(Math.ceil(leftMs / 1000), text))}</p>
    </div>
  )
}
