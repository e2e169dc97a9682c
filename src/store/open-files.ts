// Dropped files: sorted, and opened as what they are. Zips are looked into.
import type { PickedFile } from '../worker/api'
import type { DataSlice } from './data-store'
import type { ImportsSlice } from './imports'
import type { Loading } from './loading'
import { type RoutedFiles, routeFiles } from './route-files'

interface Parts {
  data: DataSlice
  imports: ImportsSlice
  loading: Loading
}

/** Opens files and tells what was found in them; what is found is then read without being waited for. */
export function createOpenFiles({ data, imports, loading }: Parts) {
  /** With a new model on its way, the data are read once, for that one. */
  async function openModel({ model, train }: RoutedFiles): Promise<void> {
    const loaded = await loading.openModel(model)
    // The former model stays, and its data are read for it.
    if (!loaded && train) await data.read()
    await imports.take()
  }

  return async (files: readonly PickedFile[]): Promise<RoutedFiles> => {
    const routed = await routeFiles(await imports.unpack(files))
    const { model, adapters, train, evaluation } = routed
    for (const adapter of adapters) imports.stage(adapter)
    if (model.length > 0) {
      if (train) data.stage(train, evaluation)
      void openModel(routed)
      return routed
    }
    if (train) void loading.openData(train, evaluation)
    void imports.take()
    return routed
  }
}
