// The first screen: the demos, a drop zone, and the three steps.
import type { DemoKind } from '../store/demo-state'
import { KeptAgain } from './KeptAgain'
import { Icon, type IconName } from './icons'
import { usePickers } from './pickers'
import { useDevice, useGuide, useStudio } from './studio-context'
import { useText } from './text/text'
import { WhatYouGet } from './WhatYouGet'

const steps: { key: 'model' | 'data' | 'method'; icon: IconName }[] = [
  { key: 'model', icon: 'box' },
  { key: 'data', icon: 'folder' },
  { key: 'method', icon: 'sliders' },
]

function Demos({ onDemo }: { onDemo: (kind: DemoKind) => void }) {
  const t = useText().welcome
  const studio = useStudio()
  const ready = useDevice().status === 'ready'
  const demo = (kind: DemoKind): void => {
    void studio.demo.start(kind)
    onDemo(kind)
  }
  return (
    <div className="hero-demos">
      <button
        type="button"
        className="button-primary button-large"
        data-testid="demo-button"
        disabled={!ready}
        onClick={() => demo('text')}
      >
        <Icon name="spark" />
        {t.demo}
      </button>
      <p className="muted">{t.demoHelp}</p>
      <button
        type="button"
        className="button button-large"
        data-testid="picture-demo-button"
        disabled={!ready}
        onClick={() => demo('pictures')}
      >
        <Icon name="eye" />
        {t.pictureDemo}
      </button>
      <p className="muted">{t.pictureDemoHelp}</p>
      <button type="button" className="button button-large" data-testid="word-demo-button" disabled={!ready} onClick={() => demo('words')}>
        <Icon name="chat" />
        {t.wordDemo}
      </button>
      <p className="muted">{t.wordDemoHelp}</p>
    </div>
  )
}

export function Welcome({ onDemo }: { onDemo: (kind: DemoKind) => void }) {
  const text = useText()
  const studio = useStudio()
  const pickers = usePickers()
  const guided = useGuide().step !== undefined
  const ready = useDevice().status === 'ready'
  return (
    <div className="view welcome">
      <div className="hero">
        <div className="hero-words">
          <h1>{text.welcome.title}</h1>
          <p className="lead">{text.welcome.lead}</p>
          <p className="lead">
            <strong>{text.welcome.private}</strong>
          </p>
          <Demos onDemo={onDemo} />
          {!guided && (
            <button type="button" className="button-quiet hero-guide" data-testid="guide-begin" onClick={studio.guide.begin}>
              <Icon name="arrow" />
              {text.guide.begin}
            </button>
          )}
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
      <WhatYouGet />
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
