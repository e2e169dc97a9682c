// Sorts dropped files and opens each as what it is. Zips are unpacked.
import { type Phrase, say } from '../config/phrase'
import { type RecipeOfData, licenceAlone } from '../config/recipe-of-data'
import { licenceIn } from '../recipe/licence'
import type { PickedFile } from '../worker/api'
import type { DoJob } from '../worker/picture-pool'
import type { DataSlice } from './data-store'
import type { ImportsSlice } from './imports'
import type { Loading } from './loading'
import { type RoutedFiles, routeFiles } from './route-files'
import { findPictures, pickedBundle } from './picture-files'
import type { PicturesSlice } from './pictures-store'
import type { WorkbenchSlice } from './workbench-store'

interface Parts {
  data: DataSlice
  imports: ImportsSlice
  loading: Loading
  workbench: WorkbenchSlice
  pictures: PicturesSlice
  decode: DoJob
}

/** As much of a file as is read for its licence. */
const licenceBytes = 65_536

/** What files beside rows say. */
async function licenceOf(about: readonly PickedFile[]): Promise<string | undefined> {
  const texts = about.map(async ({ file }) => ({ name: file.name, text: await file.slice(0, licenceBytes).text() }))
  return licenceIn(await Promise.all(texts))
}

/** What a run keeps of rows that are trained on as they are; undefined if no licence is known. */
async function madeOf({ train, about }: RoutedFiles): Promise<RecipeOfData | undefined> {
  const licence = train && (await licenceOf(about))
  return licence === undefined ? undefined : licenceAlone(licence, train?.file.name ?? '')
}

const notTrained = (name: string): Phrase =>
  say`${name}: expected the adapter that another engine has trained, got an exported run with no adapter in any of its result folders. Train it as its README.md says, then drop the folder again.`

/** Opens files and returns what they are. It does not wait until they are read. */
export function createOpenFiles({ data, imports, loading, workbench, pictures, decode }: Parts) {
  /** Data dropped with a model are read once, for that model. */
  async function openModel({ model, train, untrained }: RoutedFiles): Promise<void> {
    const loaded = await loading.openModel(model)
    // The former model stays, so the data are read for it.
    if (!loaded && train) await data.read()
    await imports.take(untrained.map(notTrained))
  }

  /** The licence goes into the recipe of the workbench, unless that has one. */
  async function takeLicence(about: readonly PickedFile[]): Promise<void> {
    const found = await licenceOf(about)
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
    const { bundle, loose, rest } = await findPictures(files, decode)
    if (loose.length && !bundle) pictures.offer(loose)
    const routed = {
      ...(await routeFiles(await imports.unpack(rest))),
      ...(bundle && { train: pickedBundle(bundle), evaluation: undefined }),
    }
    const { model, adapters, train, evaluation, recipe, untrained } = routed
    if (recipe) void workbench.openRecipe(recipe)
    if (place === 'workbench' && !bundle && model.length === 0 && adapters.length === 0) {
      void imports.take(untrained.map(notTrained))
      void openRows(routed)
      return routed
    }
    const made = bundle ? undefined : await madeOf(routed)
    for (const adapter of adapters) imports.stage(adapter)
    if (model.length > 0) {
      if (train) data.stage(train, evaluation, made)
      void openModel(routed)
      return routed
    }
    if (train) void loading.openData(train, evaluation, made)
    void imports.take(untrained.map(notTrained))
    return routed
  }
}
