// The page on the fake engine: /src/testing/fake.html of the development server. The build starts at index.html and does not include it.
import { startPage } from '../ui/page'
import { createFakeEngine } from './fake-engine'

const wanted = new URLSearchParams(location.search)
startPage(createFakeEngine({ beatMs: Number(wanted.get('beat') ?? 40), withoutAdapter: wanted.has('no-adapter') }))
