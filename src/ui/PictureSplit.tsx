// How many pictures are trained on, and how many are held out.
import { useData, useStudio } from './studio-context'
import { useText } from './text/text'

const shares = [0, 0.05, 0.1, 0.2, 0.3, 0.5]
/** As papers about few pictures report. */
const shots = [1, 2, 4, 8, 16]

export function PictureSplit({ disabled }: { disabled: boolean }) {
  const t = useText().pictures
  const studio = useStudio()
  const { options, report } = useData()
  const set = async (change: Parameters<typeof studio.data.setOptions>[0]): Promise<void> => {
    await studio.data.setOptions(change)
    studio.setup.estimate()
  }
  return (
    <div className="fields fields-wide">
      <div className="field">
        <label htmlFor="picture-hold-out">{t.holdOut}</label>
        {report?.pictures?.byFolder ? (
          <p id="picture-hold-out" className="help">
            {t.byFolder}
          </p>
        ) : (
          <select
            id="picture-hold-out"
            value={options.holdOut}
            disabled={disabled}
            onChange={(e) => void set({ holdOut: Number(e.target.value) })}
          >
            {[...new Set([...shares, options.holdOut])]
              .sort((a, b) => a - b)
              .map((share) => (
                <option key={share} value={share}>
                  {Math.round(share * 100)} %
                </option>
              ))}
          </select>
        )}
      </div>
      <div className="field">
        <label htmlFor="picture-shots">{t.shots}</label>
        <select
          id="picture-shots"
          value={options.shots ?? 0}
          disabled={disabled}
          onChange={(e) => void set({ shots: Number(e.target.value) || undefined })}
        >
          <option value={0}>{t.allShots}</option>
          {shots.map((count) => (
            <option key={count} value={count}>
              {count}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
