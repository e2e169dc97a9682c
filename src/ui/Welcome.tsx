// The first screen: the demo, a drop zone, and the three steps.
import { KeptAgain } from './KeptAgain'
import { Icon, type IconName } from './icons'
import { usePickers } from './pickers'
import { useDevice, useStudio } from './studio-context'
import { useText } from './text/text'

const steps: { key: 'model' | 'data' | 'method'; icon: IconName }[] = [
  { key: 'model', icon: 'box' },
  { key: 'data', icon: 'folder' },
  { key: 'method', icon: 'sliders' },
]

export function Welcome({ onDemo }: { onDemo: () => void }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const ready = useDevice().status === 'ready'
  const demo = (): void => {
    void studio.demo.start()
    onDemo()
  }
  return (
    <div className="view welcome">
      <div className="hero">
        <div className="hero-words">
          <h1>{text.welcome.title}</h1>
          <p className="lead">{text.welcome.lead}</p>
          <p className="lead">
            <strong>{text.welcome.private}</strong>
          </p>
          <div className="hero-demo">
            <button type="button" className="button-primary button-large" data-testid="demo-button" disabled={!ready} onClick={demo}>
              <Icon name="spark" />
              {text.welcome.demo}
            </button>
            <p className="muted">{text.welcome.demoHelp}</p>
          </div>
        </div>
        <div className="hero-drop" data-testid="model-drop">
          <Icon name="upload" />
          <h2>{text.welcome.dropTitle}</h2>
          <p className="muted">{text.welcome.dropHelp}</p>
          <div className="button-row">
            <button type="button" className="button" disabled={!ready} onClick={pickers.model}>
              {text.pick.files}
            </button>
            <button type="button" className="button" disabled={!ready} onClick={pickers.folder}>
              {text.pick.folder}
            </button>
          </div>
          <KeptAgain kinds={['model', 'data']} />
        </div>
      </div>
      <ol className="welcome-steps">
        {steps.map(({ key, icon }, i) => (
          <li key={key}>
            <Icon name={icon} />
            <div>
              <h2>
                {i + 1}. {text.steps[key].title}
              </h2>
              <p className="muted">{text.steps[key].help}</p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}
