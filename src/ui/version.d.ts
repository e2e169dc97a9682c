// What vite.config.ts puts into the page.
interface ImportMetaEnv {
  /** The version in package.json. */
  readonly TABTUNE_VERSION: string
}
