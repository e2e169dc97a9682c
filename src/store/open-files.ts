// Sorts dropped files and opens each as what it is. Zips are unpacked.
import { licenceIn } from '../recipe/licence'
import type { PickedFile } from '../worker/api'
import type { DataSlice } from './data-store'
import type { ImportsSlice } from './imports'
import type { Loading } from './loading'
import { type RoutedFiles, routeFiles } from './route-files'
import type { WorkbenchSlice } from './workbench-store'

interface Parts {
  data: DataSlice
  imports: ImportsSlice
  loading: Loading
  workbench: WorkbenchSlice
}

/** As much of a file as is read for its licence. */
const licenceBytes = 65_536

/** Opens files and returns what they are. It does not wait until they are read. */
export function createOpenFiles({ data, imports, loading, workbench }: Parts) {
  /** Data dropped with a model are read once, for that model. */
  async function openModel({ model, train }: RoutedFiles): Promise<void> {
    const loaded = await loading.openModel(model)
    // The former model stays, so the data are read for it.
    if (!loaded && train) await data.read()
    await imports.take()
  }

  /** The licence that files beside the rows say, unless the recipe has one. */
  async function takeLicence(about: readonly PickedFile[]): Promise<void> {
    const texts = about.map(async ({ file }) => ({ name: file.name, text: await file.slice(0, licenceBytes).text() }))
    const found = licenceIn(await Promise.all(texts))
    if (found !== undefined && !workbench.store.getState().recipe.now.licence) workbench.setLicence(found)
  }

  /** All files of rows go to the workbench. A file that cannot be read says so there. */
  async function openRows({ train, evaluation, ignored, about }: RoutedFiles): Promise<void> {
    void takeLicence(about)
    const rows = [train, ...ignored].filter((file) => file !== undefined)
    if (rows.length) await workbench.add(rows)
    if (evaluation) await workbench.add([evaluation], 'evaluation')
  }

  /** `place`: where rows are opened. */
  return async (files: readonly PickedFile[], place: 'training' | 'workbench' = 'training'): Promise<RoutedFiles> => {
    const routed = await routeFiles(await imports.unpack(files))
    const { model, adapters, train, evaluation, recipe } = routed
    if (recipe) void workbench.openRecipe(recipe)
    if (place === 'workbench' && model.length === 0 && adapters.length === 0) {
      void openRows(routed)
      return routed
    }
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
