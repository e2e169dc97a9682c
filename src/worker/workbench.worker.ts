// Holds the rows of the workbench, so that the page's thread does not.
import { expose } from 'comlink'
import { releasing } from './releasing'
import type { WorkbenchApi } from './workbench-api'
import { WorkbenchHost } from './workbench-host'

const host: WorkbenchApi = new WorkbenchHost()
expose(releasing(host))
