// The keys of the page, place by place.
import { Fragment } from 'react'
import { useText } from './text/text'

export function KeyList() {
  const t = useText().keys
  return (
    <section data-testid="key-list">
      <h3>{t.title}</h3>
      {t.places.map(({ place, keys }) => (
        <Fragment key={place}>
          <h4 className="help">{place}</h4>
          <dl className="key-list">
            {keys.map(({ keys: alternatives, does }) => (
              <div key={does}>
                <dt>
                  {alternatives.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </Fragment>
      ))}
    </section>
  )
}
