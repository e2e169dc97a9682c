// Where index.html begins: the page on the real engine.
import { startEngine } from '../worker/client'
import { startPage } from './page'

startPage(startEngine())
